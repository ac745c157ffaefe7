/// <reference lib="dom" />
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import { startExporter } from "./exporter_binary.ts";
import { LivePageBrowser } from "./live_page_browser.ts";
import { RealProcess } from "./real_process.ts";
import { freePort } from "./wait_until.ts";

const START_MS = 60_000;
const STOP_MS = 15_000;

/** The compiled exporter on the demo's cloud, with real conntrack entries. */
async function startCloud(...flags: readonly string[]) {
  const port = freePort();
  const process = new RealProcess(Deno.execPath(), [
    ...["run", "--quiet", "--allow-all", `${import.meta.dirname}/namespaced_exporter.ts`],
    String(port),
    ...flags,
  ]);
  const base = `http://127.0.0.1:${port}`;
  await process.answer(`${base}/-/ready`, START_MS);
  return {
    base,
    [Symbol.asyncDispose]: async () => void await process.stop("SIGTERM", STOP_MS),
  };
}

/** Names of the instances from top to bottom. */
const names = (page: Page) => page.locator("#rows th").allInnerTexts();

const waitForRows = (page: Page, rows: number) =>
  page.waitForFunction((rows) => document.querySelectorAll("#rows tr").length === rows, rows);

Deno.test("live page shows the node, sorts, filters and opens an instance, all in its address", async () => {
  assert.equal(Deno.uid(), 0, "this test makes a network namespace: run it as root");
  await using cloud = await startCloud("-collection.interval=1s");
  await using browser = await LivePageBrowser.start();
  const { page, complaints, requests } = await browser.open(cloud.base);
  await waitForRows(page, 10);
  await page.waitForSelector("html[data-level=good]");

  // What asks for attention is seen at once: one click leads to the listed contact and the disk.
  const attention = page.locator("#attention");
  await attention.getByText("Contact with a listed address (1)").waitFor();
  assert.match(await attention.innerText(), /Disk writes over threshold \(4\)/);
  const fill = await page.locator("#conntrack").innerText();
  const [, percent, entries, limit] = /^(\d+\.\d).% \(([34].\d{3}) of (.+)\)$/.exec(fill) ?? [];
  const [part, whole] = [entries, limit].map((text = "") => Number(text.replace(/\D/g, "")));
  assert.equal(percent, (100 * part! / whole!).toFixed(1), fill);
  assert.equal(await page.title().then((title) => title.startsWith("(4) ")), true);

  await page.getByRole("button", { name: "Flows" }).click();
  const byFlows = await names(page);
  assert.equal(byFlows[0], "bastion");
  // Nova names no address of it: what is not known comes last, as a dash.
  assert.equal(byFlows.at(-1), "portal-app");
  assert.equal(await page.locator("th.c-flows").first().getAttribute("aria-sort"), "descending");
  assert.equal(await page.locator("#rows tr").last().locator(".c-flows .number").innerText(), "–");
  await page.getByRole("button", { name: "Instance", exact: true }).click();
  assert.deepEqual((await names(page)).slice(0, 2), ["bastion", "ci-runner-0"]);

  await page.locator("#filter-text").fill("SHOP front");
  await waitForRows(page, 2);
  assert.match(await page.locator("#shown").innerText(), /^2 of 10 instances$/);
  assert.equal(new URL(page.url()).hash, "#/?q=SHOP+front&sort=name");
  await page.reload();
  await waitForRows(page, 2);
  assert.deepEqual(await names(page), ["shop-frontend-0", "shop-frontend-1"]);
  await page.getByRole("button", { name: "Clear" }).click();
  await waitForRows(page, 10);
  await page.locator("#filter-project").selectOption({ label: "ci (2)" });
  await waitForRows(page, 2);
  await page.locator("#filter-project").selectOption("");
  await page.getByLabel("marked only").check();
  await waitForRows(page, 4);

  await attention.getByRole("button", { name: "bastion" }).last().click();
  const panel = page.locator("#panel");
  await panel.getByRole("heading", { name: "bastion" }).waitFor();
  assert.match(new URL(page.url()).hash, /^#\/instance\/[0-9a-f-]{36}\?mark=any&sort=name$/);
  const text = await panel.innerText();
  assert.match(
    text,
    /Disk writes over threshold: vda writes 33\.\d.k\/s, its tier vms allows 20\.0/,
  );
  assert.match(text, /6 contacts with customlist now, opened by the instance/);
  assert.match(text, /2001:db8:20:2::13/);
  assert.equal(await panel.locator(".values tbody").nth(2).locator("tr").count(), 6);
  assert.equal(await panel.locator("canvas").count(), 7);
  await panel.getByRole("img", { name: /^CPU of the last .*: used .*, highest / }).waitFor();
  // No address of a remote is anywhere.
  assert.doesNotMatch(await page.content(), /198\.18\./);

  await page.goBack();
  await panel.waitFor({ state: "hidden" });
  await page.locator("#node-open").click();
  await panel.getByText("outbound").waitFor();
  assert.match(await panel.innerText(), /customlist\s+2\s+\d+ s ago/);
  assert.deepEqual(complaints, []);
  const files = requests.filter((path) => !path.startsWith("/api/"));
  assert.deepEqual([...new Set(files)].sort(), [
    "/",
    "/ui/icon.svg",
    "/ui/page.css",
    "/ui/page.js",
  ]);
});

Deno.test("live page follows the cycles with one request each, and nothing jumps", async () => {
  await using cloud = await startCloud("-collection.interval=2s");
  await using browser = await LivePageBrowser.start();
  const { page, complaints } = await browser.open(cloud.base, {
    viewport: { width: 1200, height: 400 },
  });
  await waitForRows(page, 10);
  await page.evaluate(() => scrollTo(0, 40));
  await page.mouse.move(300, 350);
  const before = await page.evaluate(() => {
    const rows = [...document.querySelectorAll("#rows tr")];
    Object.assign(globalThis, { rows });
    return rows.map((row) => row.getBoundingClientRect().top);
  });
  const seen: string[] = [];
  const statuses: number[] = [];
  page.on("response", (response) => {
    if (new URL(response.url()).pathname !== "/api/v1/node") return;
    statuses.push(response.status());
    const etag = response.headers()["etag"] ?? "";
    if (response.status() === 200) seen.push(etag);
  });
  while (seen.length < 4) await page.waitForResponse(/\/api\/v1\/node$/);
  assert.equal(new Set(seen).size, seen.length, "each snapshot is sent once");
  const idle = statuses.filter((status) => status === 304).length;
  assert.ok(idle <= statuses.length / 2, `${idle} of ${statuses.length} asked in vain`);
  const after = await page.evaluate(() => {
    const kept: unknown = Reflect.get(globalThis, "rows");
    const rows = [...document.querySelectorAll("#rows tr")];
    return {
      isSame: Array.isArray(kept) && rows.every((row, at) => row === kept[at]),
      tops: rows.map((row) => row.getBoundingClientRect().top),
    };
  });
  assert.deepEqual(after, { isSame: true, tops: before });
  assert.equal(await page.evaluate(() => scrollY), 40);
  assert.equal(await page.locator("#held").isVisible(), true);
  assert.deepEqual(complaints, []);
});

Deno.test("live page is used with keys alone", async () => {
  await using exporter = startExporter();
  await exporter.process.answer(`${exporter.base}/-/ready`, START_MS);
  await using browser = await LivePageBrowser.start();
  const { page, complaints } = await browser.open(exporter.base);
  await waitForRows(page, 10);
  const focused = () => page.evaluate(() => document.activeElement?.textContent ?? "");
  await page.keyboard.press("/");
  await page.keyboard.type("shop-");
  await waitForRows(page, 3);
  await page.keyboard.press("Enter");
  const first = (await names(page))[0];
  assert.equal(await focused(), first);
  await page.keyboard.press("j");
  assert.equal(await focused(), (await names(page))[1]);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  const heading = page.locator("#panel h2");
  await heading.waitFor();
  assert.equal(await heading.innerText(), first);
  assert.equal(await focused(), first);
  await page.keyboard.press("Escape");
  await heading.waitFor({ state: "detached" }).catch(() => {});
  assert.equal(await page.locator("#panel").isVisible(), false);
  assert.equal(await focused(), first);
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Help" }).waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  await page.keyboard.press("n");
  await page.locator("#panel").getByText("Running for").waitFor();
  assert.deepEqual(complaints, []);
});
