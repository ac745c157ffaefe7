// deno task live_page:pictures: the live page on the demo's cloud as images for the docs.
import { Buffer } from "node:buffer";
import { Resvg } from "@resvg/resvg-js";
import { LivePageBrowser } from "../tests/e2e/live_page_browser.ts";
import { RealProcess } from "../tests/e2e/real_process.ts";
import { freePort } from "../tests/e2e/wait_until.ts";
import { indexedPng } from "./monitoring/indexed_png.ts";
import { REPOSITORY } from "./repository.ts";

const FOLDER = `${REPOSITORY}/packaging/docs/images`;
/** So long the demo runs before it is drawn: lines need points. */
const SCENE_MS = 300_000;
const START_MS = 60_000;
const STOP_MS = 15_000;
/** What the demo's cloud calls the instance that is opened. */
const OPENED = "bastion";

/** Each picture, and how the page is looked at. */
const PICTURES = [
  { name: "live-page", colorScheme: "light", width: 1440, height: 540, opens: false },
  { name: "live-page-instance", colorScheme: "dark", width: 1440, height: 1100, opens: true },
  { name: "live-page-narrow", colorScheme: "light", width: 390, height: 740, opens: false },
] as const;

const port = freePort();
const demo = new RealProcess(Deno.execPath(), [
  ...["run", "--quiet", "--allow-all", `${REPOSITORY}/scripts/demo.ts`],
  `-web.listen-address=127.0.0.1:${port}`,
]);
try {
  const base = `http://127.0.0.1:${port}`;
  await demo.answer(`${base}/-/ready`, START_MS);
  await new Promise((resolve) => setTimeout(resolve, SCENE_MS));
  await using browser = await LivePageBrowser.start();
  for (const { name, colorScheme, width, height, opens } of PICTURES) {
    const { page } = await browser.open(base, { colorScheme, viewport: { width, height } });
    await page.waitForSelector("html[data-level=good]");
    await page.waitForSelector("#rows .spark path[d]", { state: "attached" });
    if (opens) {
      await page.locator("#rows a", { hasText: OPENED }).click();
      await page.locator("#panel canvas").first().waitFor();
    }
    // The next cycle draws everything once more, with the pointer out of the way.
    await page.mouse.move(0, 0);
    await page.waitForResponse(/\/api\/v1\/node$/);
    await page.waitForTimeout(500);
    const picture = smaller(await page.screenshot(), width, height);
    await Deno.writeFile(`${FOLDER}/${name}.png`, picture);
    console.log(`${FOLDER}/${name}.png: ${Math.ceil(picture.length / 1000)} kB`);
  }
} finally {
  await demo.stop("SIGINT", STOP_MS);
}

/** The same picture with a palette of 256 colours. */
function smaller(png: Uint8Array, width: number, height: number): Uint8Array {
  const data = `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">` +
    `<image href="${data}" width="${width}" height="${height}"/></svg>`;
  const { pixels } = new Resvg(svg).render();
  return indexedPng(pixels, width, height);
}
