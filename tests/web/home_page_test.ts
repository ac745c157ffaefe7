import assert from "node:assert/strict";
import { homePage } from "../../lib/web/home_page.ts";
import { STATUS } from "./fake_pages.ts";

const OPTIONS = { telemetryPath: "/metrics", nowMs: 8_000_000 };

Deno.test("homePage is the committed page, with text escaped", async () => {
  const golden = new URL("../fixtures/home_page.golden.html", import.meta.url);
  assert.equal(homePage(STATUS, OPTIONS), await Deno.readTextFile(golden));
});

Deno.test("homePage says so before the first cycle", () => {
  const page = homePage({ ...STATUS, lastCollectionMs: undefined, collectors: [] }, OPTIONS);
  const said = page.split("\n").filter((line) => /no data|No cycle|<td>a&amp;b/.test(line));
  assert.deepEqual(said, [
    '<tr><th scope="row">Age of the data</th><td>no data yet</td></tr>',
    "<p>No cycle has ended yet.</p>",
  ]);
});
