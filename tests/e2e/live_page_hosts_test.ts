/// <reference lib="dom" />
import assert from "node:assert/strict";
import axe from "axe-core";
import type { Page } from "playwright-core";
import { nodeXml } from "../bench/node_xml.ts";
import { hostileNames, isXmlText, shownName } from "../hostile_names.ts";
import { BINARY, startExporter } from "./exporter_binary.ts";
import { LivePageBrowser } from "./live_page_browser.ts";
import { namedNode } from "./named_node.ts";
import { RealProcess } from "./real_process.ts";
import { freePort } from "./wait_until.ts";

const START_MS = 60_000;
/** What would run or show something if it were taken for HTML, a template or an address. */
const MARKUP = [
  "<img src=x onerror=alert(1)>",
  '"><script>alert(2)</script>',
  "javascript:alert(3)",
  "{{metrics}}${alert(4)}",
  "&lt;b&gt;&amp;",
  "</title></table><h1>gone",
  "__proto__",
];
/** What hides itself, or turns around what follows, and what is shown of it. */
const DISGUISED: readonly (readonly [name: string, shown: string])[] = [
  ["\u202egnp.exe", "gnp.exe"],
  ["\u200b \u2066", ""],
];

/** The compiled exporter on a host for libvirt's test driver. */
async function startHost(xml: string, ...flags: readonly string[]) {
  await using stack = new AsyncDisposableStack();
  const folder = await Deno.makeTempDir({ prefix: "oie-host-" });
  stack.defer(() => Deno.remove(folder, { recursive: true }));
  await Deno.writeTextFile(`${folder}/node.xml`, xml);
  const port = freePort();
  const process = stack.use(
    new RealProcess(BINARY, [
      `-web.listen-address=127.0.0.1:${port}`,
      `-libvirt.uri=test://${folder}/node.xml`,
      ...flags,
    ]),
  );
  const base = `http://127.0.0.1:${port}`;
  await process.answer(`${base}/-/ready`, START_MS);
  const resources = stack.move();
  return { base, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

const waitForRows = (page: Page, rows: number) =>
  page.waitForFunction((rows) => document.querySelectorAll("#rows tr").length === rows, rows);

Deno.test("live page shows whatever tenants call themselves as text", async () => {
  const written = DISGUISED.map(([name]) => name);
  const names = [...MARKUP, ...written, ...hostileNames(60)].filter(isXmlText);
  const uuidOf = (number: number) =>
    `${number.toString(16).padStart(8, "0")}-0000-4000-8000-00000000000a`;
  await using host = await startHost(namedNode(names, uuidOf), "-collection.interval=1s");
  await using browser = await LivePageBrowser.start();
  const { page, complaints } = await browser.open(host.base);
  await waitForRows(page, names.length);
  for (const [number, name] of names.slice(0, MARKUP.length).entries()) {
    const row = page.locator(`#rows tr[data-uuid="${uuidOf(number)}"]`);
    assert.equal(await row.locator("th").textContent(), shownName(name));
    await row.scrollIntoViewIfNeeded();
    await page.waitForFunction(
      ([uuid, name]) =>
        document.querySelector(`[data-uuid="${uuid}"] .c-project`)?.textContent === name,
      [uuidOf(number), shownName(name)],
    );
    await row.click();
    await page.locator("#panel h2").waitFor();
    assert.equal(await page.locator("#panel h2").textContent(), shownName(name));
    await page.keyboard.press("Escape");
  }
  for (const [at, [, shown]] of DISGUISED.entries()) {
    const number = MARKUP.length + at;
    const row = page.locator(`#rows tr[data-uuid="${uuidOf(number)}"]`);
    assert.equal(await row.locator("th").textContent(), shown || `instance-${number}`);
  }
  const found = await page.evaluate(() => ({
    elements: document.querySelectorAll("#content :is(img, script, h1, b)").length,
    options: [...document.querySelectorAll("#filter-project option")].map((each) =>
      each.textContent
    ),
  }));
  assert.equal(found.elements, 0);
  assert.ok(found.options.includes(`${MARKUP[0]} (1)`));
  await page.locator("#filter-text").fill("<img src=x");
  await waitForRows(page, 1);
  // Whoever sends a link with anything in it.
  await page.goto(
    `${host.base}/#/instance/${crypto.randomUUID()}?q=%3Cimg&sort=constructor&project=${MARKUP[0]}`,
  );
  await page.locator("#panel").getByText("It does not run on this node now.").waitFor();
  assert.deepEqual(complaints, []);
});

Deno.test("live page keeps 500 instances fluid", async () => {
  await using host = await startHost(nodeXml(500), "-collection.interval=1s");
  await using browser = await LivePageBrowser.start();
  const { page, complaints } = await browser.open(host.base);
  await waitForRows(page, 500);
  await page.locator("#table").evaluate((target) => target.scrollTop = 4000);
  // How long the browser could not answer, in the seconds that three cycles take.
  const longestMs = await page.evaluate(async () => {
    const tasks: number[] = [];
    const observer = new PerformanceObserver((list) => {
      tasks.push(...list.getEntries().map(({ duration }) => duration));
    });
    observer.observe({ type: "longtask" });
    await new Promise((resolve) => setTimeout(resolve, 4000));
    observer.disconnect();
    return tasks.sort((a, b) => a - b)[Math.floor(tasks.length / 2)] ?? 0;
  });
  assert.ok(longestMs < 500, `the page stood still for ${longestMs} ms in a usual cycle`);
  assert.equal(await page.locator("#table").evaluate((target) => target.scrollTop), 4000);
  const drawn = await page.locator("#rows .spark path[d]").count();
  assert.ok(drawn > 30 && drawn < 600, `${drawn} lines are drawn: those that can be seen`);
  await page.locator("#filter-text").fill("project-499");
  await waitForRows(page, 1);
  await page.locator("#filter-text").fill("");
  await waitForRows(page, 500);
  assert.deepEqual(complaints, []);
});

/** What the page has no room for: parts that stand beyond its edge, and numbers above charts. */
function cutOff(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const { scrollWidth } = document.documentElement;
    const legends = [...document.querySelectorAll<HTMLElement>(".chart:not([hidden]) .legend")];
    return [
      ...scrollWidth > innerWidth ? [`the page is ${scrollWidth} px wide`] : [],
      ...legends.filter((legend) => legend.scrollWidth > legend.clientWidth)
        .map((legend) => legend.innerText),
    ];
  });
}

/** What axe-core finds serious or worse. */
async function complaintsOfAxe(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  const violations = await page.evaluate(async () => {
    const { violations } = await (Reflect.get(globalThis, "axe") as typeof axe).run();
    return violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      nodes: nodes.map(({ html }) => html.slice(0, 160)),
    }));
  });
  return violations.filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.join(" | ")}`);
}

Deno.test("live page has no serious finding of axe-core: light, dark, narrow, opened, stale", async () => {
  await using exporter = startExporter(
    "-outbound.behavior.enable",
    "-write.thresholds=vms:1",
    "-web.max-connections=0",
  );
  await exporter.process.answer(`${exporter.base}/-/ready`, START_MS);
  await using browser = await LivePageBrowser.start();
  for (
    const options of [
      { colorScheme: "light" },
      { colorScheme: "dark" },
      { colorScheme: "light", viewport: { width: 360, height: 740 } },
    ] as const
  ) {
    const { page, complaints } = await browser.open(exporter.base, options);
    await waitForRows(page, 10);
    const where = JSON.stringify(options);
    assert.deepEqual(await complaintsOfAxe(page), [], `table ${where}`);
    await page.locator("#rows a").first().click();
    await page.locator("#panel canvas").first().waitFor();
    assert.deepEqual(await complaintsOfAxe(page), [], `instance ${where}`);
    assert.deepEqual(await cutOff(page), [], `instance ${where}`);
    await page.keyboard.press("n");
    await page.locator("#panel").getByText("Running for").waitFor();
    assert.deepEqual(await complaintsOfAxe(page), [], `node ${where}`);
    await page.keyboard.press("?");
    await page.getByRole("dialog").waitFor();
    assert.deepEqual(await complaintsOfAxe(page), [], `help ${where}`);
    assert.deepEqual(complaints, []);
    await page.context().setOffline(true);
    await page.locator("#banner").waitFor();
    await page.keyboard.press("Escape");
    assert.deepEqual(await complaintsOfAxe(page), [], `no answer ${where}`);
    await page.context().close();
  }
});
