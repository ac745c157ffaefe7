// deno task top:picture: top on the demo's cloud as an image, after deno task compile.
import { Resvg } from "@resvg/resvg-js";
import { BINARY } from "../tests/e2e/exporter_binary.ts";
import { RealProcess } from "../tests/e2e/real_process.ts";
import { TmuxTerminal } from "../tests/e2e/tmux_terminal.ts";
import { freePort } from "../tests/e2e/wait_until.ts";
import { indexedPng } from "./monitoring/indexed_png.ts";
import { REPOSITORY } from "./repository.ts";
import { terminalPicture } from "./terminal_picture.ts";

const PATH = `${REPOSITORY}/packaging/docs/images/top.png`;
const COLUMNS = 112;
const ROWS = 17;
const ROWS_OPEN = 38;
/** So long the cloud runs, so that the history has something to show. */
const SCENE_MS = 70_000;

await using terminal = await TmuxTerminal.open(COLUMNS, ROWS);
await Deno.writeTextFile(`${terminal.folder}/listed.txt`, "198.18.0.0/16\n");
const port = freePort();
const demo = new RealProcess(Deno.execPath(), [
  ...["run", "--quiet", "--allow-all", `${REPOSITORY}/scripts/demo.ts`],
  `-web.listen-address=127.0.0.1:${port}`,
  "-collection.interval=1s",
  "-web.history=1m",
  // libvirt's test driver has every disk do the same.
  "-read.thresholds=default:900000,local:2000",
  "-default.write.threshold=900000",
  "-customlist.enable",
  `-customlist.path=${terminal.folder}/listed.txt`,
]);
try {
  await demo.answer(`http://127.0.0.1:${port}/-/ready`, SCENE_MS);
  await new Promise((resolve) => setTimeout(resolve, SCENE_MS));
  await terminal.run(`clear; ${BINARY} top -url=http://127.0.0.1:${port} -sort=flows`);
  await terminal.see("the table", /10 instances by flows$/m);
  await terminal.keys("Down");
  await terminal.see("a fresh cycle", /data 0 s old/);
  const table = await terminal.screen({ withColours: true });
  await terminal.resize(COLUMNS, ROWS_OPEN);
  await terminal.keys("Home", "Enter");
  await terminal.see("the history", /^CPU % .*[▁▂▃▄▅▆▇█]/m);
  await terminal.see("a fresh cycle", /data 0 s old/);
  const open = await terminal.screen({ withColours: true });
  const image = new Resvg(terminalPicture([table, open], COLUMNS), {
    font: { loadSystemFonts: true, defaultFontFamily: "DejaVu Sans Mono" },
  }).render();
  const picture = indexedPng(image.pixels, image.width, image.height);
  await Deno.writeFile(PATH, picture);
  console.log(`${PATH}: ${Math.ceil(picture.length / 1000)} kB`);
} finally {
  await demo.stop("SIGINT", 15_000);
}
