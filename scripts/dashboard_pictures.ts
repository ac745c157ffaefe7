// deno task dashboards:pictures: each dashboard as an image, of what a real Prometheus answers.
import { Resvg } from "@resvg/resvg-js";
import { chooseFor, contact } from "../tests/e2e/dashboard_choice.ts";
import { interpolate } from "../tests/e2e/grafana_queries.ts";
import { startMonitoredCloud } from "../tests/e2e/monitored_cloud.ts";
import { waitUntil } from "../tests/e2e/wait_until.ts";
import { type Answers, dashboardPicture } from "./monitoring/dashboard_picture.ts";
import type { Panel } from "./monitoring/dashboards/dashboard.ts";
import { DASHBOARDS } from "./monitoring/dashboards/dashboards.ts";
import { indexedPng } from "./monitoring/indexed_png.ts";
import { REPOSITORY } from "./repository.ts";

const FOLDER = `${REPOSITORY}/packaging/docs/images`;
/** So long the cloud runs before it is drawn; the lines span the last of it. */
const SCENE_SECONDS = 60;
const RANGE_SECONDS = 45;

await using cloud = await startMonitoredCloud();
const { prometheus } = cloud;
const started = Date.now();
await waitUntil(
  "a contact and the scene's time",
  async () => {
    const { instance } = await contact(prometheus);
    return instance !== "" && Date.now() - started > SCENE_SECONDS * 1000 ? true : undefined;
  },
  { withinMs: 2 * SCENE_SECONDS * 1000, describe: () => prometheus.process.output },
);
await Deno.mkdir(FOLDER, { recursive: true });
for (const dashboard of DASHBOARDS) {
  const choice = await chooseFor(dashboard, cloud);
  const answers = new Map<Panel, Answers>();
  for (const panel of dashboard.rows.flatMap(({ panels }) => panels)) {
    const found = panel.queries.map(({ expr }) => {
      const expression = interpolate(expr, choice);
      return panel.kind === "series"
        ? prometheus.queryRange(expression, RANGE_SECONDS)
        : prometheus.query(expression);
    });
    answers.set(panel, await Promise.all(found));
  }
  const image = new Resvg(dashboardPicture(dashboard, answers), {
    font: { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans" },
  }).render();
  const picture = indexedPng(image.pixels, image.width, image.height);
  const path = `${FOLDER}/${dashboard.uid}.png`;
  await Deno.writeFile(path, picture);
  console.log(`${path}: ${Math.ceil(picture.length / 1000)} kB`);
}
