/// <reference lib="dom" />
import assert from "node:assert/strict";
import { LibvirtNode } from "../integration/libvirt_node.ts";
import { BINARY, DEMO_NODE } from "./exporter_binary.ts";
import { LivePageBrowser } from "./live_page_browser.ts";
import { NodeExporter } from "./node_exporter_process.ts";
import { RealProcess } from "./real_process.ts";
import { freePort } from "./wait_until.ts";

const START_MS = 60_000;
const GUEST = { name: "instance-00000001", uuid: "6695eb01-f6a4-4304-89aa-97f2502e1931" };

Deno.test("live page says that libvirt is gone, keeps what was known with its age, and comes back", async () => {
  await using node = await LibvirtNode.start();
  await node.createGuest({ ...GUEST, bare: true });
  await using exporter = await NodeExporter.start(node);
  const base = `http://127.0.0.1:${exporter.port}`;
  await exporter.process.answer(`${base}/-/ready`, START_MS);
  await using browser = await LivePageBrowser.start();
  const { page, complaints } = await browser.open(base);
  await page.waitForSelector("html[data-level=good]");
  await page.waitForSelector(`#rows tr[data-uuid="${GUEST.uuid}"]`);

  await node.stopDaemon();
  await page.waitForSelector("html[data-level=old]");
  assert.match(
    await page.locator("#banner-text").innerText(),
    /^libvirt does not answer the exporter\. What you see is \d+ s old\.$/,
  );
  assert.equal(await page.locator("#libvirt").innerText(), "down");
  // The exporter itself forgets it after the data's lifetime; the page keeps it, pale.
  await page.waitForFunction(async () => {
    const answer = await fetch("api/v1/node");
    const { instances } = await answer.json();
    return instances.length === 0;
  });
  await page.waitForFunction(() =>
    /\b(1[1-9]|[2-9]\d) s old/.test(document.querySelector("#banner-text")?.textContent ?? "")
  );
  assert.equal(await page.locator("#rows tr").count(), 1);
  assert.equal(await page.title().then((title) => title.endsWith(", stale")), true);

  await Deno.remove(node.socket).catch(() => {});
  await node.startDaemon();
  await page.waitForSelector("html[data-level=good]");
  assert.equal(await page.locator("#banner").isVisible(), false);
  assert.equal(await page.locator("#libvirt").innerText(), "up");
  assert.deepEqual(complaints, []);
});

Deno.test("live page says that the exporter is gone, and goes on when another one is there", async () => {
  const port = freePort();
  const base = `http://127.0.0.1:${port}`;
  const start = () =>
    new RealProcess(BINARY, [
      `-web.listen-address=127.0.0.1:${port}`,
      `-libvirt.uri=test://${DEMO_NODE}`,
      "-collection.interval=500ms",
    ]);
  await using first = start();
  await first.answer(`${base}/-/ready`, START_MS);
  await using browser = await LivePageBrowser.start();
  const { page, complaints, requests } = await browser.open(base, { hash: "#/?q=shop" });
  await page.waitForSelector("html[data-level=good]");
  await page.waitForFunction(() => document.querySelectorAll("#rows tr").length === 4);
  await page.evaluate(() => Object.assign(globalThis, { isSamePage: true }));

  await first.stop("SIGTERM", 10_000);
  await page.waitForSelector("html[data-level=lost]");
  assert.match(
    await page.locator("#banner-text").innerText(),
    /^The exporter has not answered for \d+ s \(no connection\)\. What you see is \d+ s old\. Asking/,
  );
  assert.equal(await page.locator("#rows tr").count(), 4);

  // What is opened meanwhile has its charts as soon as there is somebody to ask.
  await page.locator("#rows a").first().click();
  await page.locator("#panel").getByText("did not answer when it was asked").waitFor();

  requests.length = 0;
  await using second = start();
  await second.answer(`${base}/-/ready`, START_MS);
  await page.getByRole("button", { name: "Ask now" }).click({ timeout: 2_000 }).catch(() => {
    // It has asked by itself a moment ago.
  });
  await page.waitForSelector("html[data-level=good]");
  assert.equal(await page.locator("#rows tr").count(), 4);
  assert.equal(await page.evaluate(() => Reflect.get(globalThis, "isSamePage")), true);
  await page.locator("#panel canvas").first().waitFor();
  // Its memory is another one.
  await page.waitForFunction(() => document.querySelectorAll("#rows .spark path[d]").length > 0);
  assert.ok(requests.includes("/api/v1/history"));
  assert.deepEqual(complaints, []);
});
