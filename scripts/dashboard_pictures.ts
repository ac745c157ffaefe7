// deno task dashboards:pictures: each dashboard as an image, of what a real Prometheus answers.
import { Resvg } from "@resvg/resvg-js";
import { choicesFor, contact } from "../tests/e2e/dashboard_choice.ts";
import { startMonitoredCloud } from "../tests/e2e/monitored_cloud.ts";
import { answersOf } from "../tests/e2e/panel_answers.ts";
import { waitUntil } from "../tests/e2e/wait_until.ts";
import { dashboardPicture, type Shown } from "./monitoring/dashboard_picture.ts";
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
  const choices = await choicesFor(dashboard, cloud);
  const shown = new Map<Panel, Shown>();
  for (const panel of dashboard.rows.flatMap(({ panels }) => panels)) {
    const { answers, choice } = await answersOf(panel, choices, prometheus, RANGE_SECONDS);
    const isFirst = choice === choices[0];
    shown.set(panel, isFirst ? { answers } : { answers, note: "of the other host" });
  }
  const image = new Resvg(dashboardPicture(dashboard, shown), {
    font: { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans" },
  }).render();
  const picture = indexedPng(image.pixels, image.width, image.height);
  const path = `${FOLDER}/${dashboard.uid}.png`;
  await Deno.writeFile(path, picture);
  console.log(`${path}: ${Math.ceil(picture.length / 1000)} kB`);
}
