import assert from "node:assert/strict";
import type { Segment } from "../lib/exposition_draft.ts";
import type { PageMessage } from "../lib/messages.ts";
import { PageStore } from "../lib/page_store.ts";

const BUILD = { version: "1.2.3", revision: "abc", deno: "2.6.8", arch: "x86_64" };

function body(text: string, segments: readonly Segment[] = []) {
  const plain = new TextEncoder().encode(text);
  return { plain, gzip: plain, segments };
}

function page(given: Partial<PageMessage> = {}): PageMessage {
  return {
    type: "page",
    text: { body: body("fresh"), stalled: body("stalled") },
    openMetrics: undefined,
    snapshot: body("{}"),
    stalledSnapshot: body('{"stalled":true}'),
    lifetimeMs: 20_000,
    isComplete: true,
    libvirtUp: true,
    conntrackUp: true,
    instances: 1,
    series: 2,
    collectors: [],
    ...given,
  };
}

function storeAt() {
  const clock = {
    nowMs: 500,
    now: () => clock.nowMs,
    wall: () => 1_000_000 + clock.nowMs,
    later: () => {},
  };
  const store = new PageStore(BUILD, clock);
  return {
    clock,
    store,
    served: () =>
      new TextDecoder().decode(store.metrics({ openMetrics: false, filter: undefined }).plain),
  };
}

Deno.test("PageStore serves the newest page for its lifetime, then its stalled form", () => {
  const { clock, store, served } = storeAt();
  assert.throws(() => served(), { name: "TypeError" });
  store.put(page());
  clock.nowMs = 20_500;
  assert.equal(served(), "fresh");
  clock.nowMs = 20_501;
  assert.equal(served(), "stalled");
  store.put(page({ isComplete: false }));
  assert.equal(served(), "fresh");
});

Deno.test("PageStore is ready from the first complete cycle until its data is too old", () => {
  const { clock, store } = storeAt();
  const none = { ready: false, reason: "No collection cycle is complete yet" };
  assert.deepEqual(store.ready(), none);
  store.put(page({ isComplete: false }));
  assert.deepEqual(store.ready(), none);
  store.put(page());
  clock.nowMs = 20_500;
  store.put(page({ isComplete: false }));
  const ready = { ready: true, reason: "The newest complete cycle is 20 s old" };
  assert.deepEqual(store.ready(), ready);
  clock.nowMs = 20_501;
  assert.deepEqual(store.ready(), { ...ready, ready: false });
});

Deno.test("PageStore's status has libvirt and conntrack down once the collecting thread is silent", () => {
  const { clock, store } = storeAt();
  const known = { version: "1.2.3", revision: "abc", startedAtMs: 1_000_500 };
  const empty = { libvirtUp: false, conntrackUp: false, collectors: [], instances: 0, series: 0 };
  assert.deepEqual(store.status(), { ...known, ...empty, lastCollectionMs: undefined });
  const collectors = [{ name: "disk", success: true, durationSeconds: 0.5 }];
  store.put(page({ collectors }));
  clock.nowMs = 20_500;
  const newest = { ...known, collectors, instances: 1, series: 2, lastCollectionMs: 1_000_500 };
  assert.deepEqual(store.status(), { ...newest, libvirtUp: true, conntrackUp: true });
  clock.nowMs = 20_501;
  assert.deepEqual(store.status(), { ...newest, libvirtUp: false, conntrackUp: false });
});

Deno.test("PageStore asks for OpenMetrics when it is wanted, and answers with it once it is there", () => {
  const clock = { nowMs: 0, now: () => clock.nowMs, wall: () => clock.nowMs, later: () => {} };
  const asked: number[] = [];
  const wantedMs: number[] = [];
  const store = new PageStore(BUILD, clock, (forMs) => {
    asked.push(clock.nowMs);
    wantedMs.push(forMs);
  });
  const question = { openMetrics: true, filter: undefined };
  store.put(page());
  assert.equal(store.metrics(question).format, "text");
  store.put(page({ openMetrics: { body: body("om"), stalled: body("om stalled") } }));
  const formats = [store.metrics(question), store.metrics({ ...question, openMetrics: false })];
  assert.deepEqual(formats.map(({ format, plain }) => [format, new TextDecoder().decode(plain)]), [
    ["openMetrics", "om"],
    ["text", "fresh"],
  ]);
  clock.nowMs = 15_000;
  store.metrics(question);
  assert.deepEqual(asked, [0, 15_000]);
  // Some are scraped every quarter of an hour: each scrape but the first has OpenMetrics.
  assert.ok(wantedMs.every((ms) => ms >= 15 * 60_000), wantedMs.join());
  clock.nowMs = 60_000;
  const { format, plain } = store.metrics(question);
  assert.deepEqual([format, new TextDecoder().decode(plain)], ["openMetrics", "om stalled"]);
});

Deno.test("PageStore answers a filter with the lines of its collectors and the rest", () => {
  const { store, clock } = storeAt();
  const segments = [
    { collector: "cpu", start: 0, end: 4 },
    { collector: "disk", start: 4, end: 9 },
    { collector: "network", start: 9, end: 9 },
    { collector: "host_numa", start: 14, end: 19 },
  ];
  const stalled = body("host\n");
  store.put(page({ text: { body: body("cpu\ndisk\nhost\nnuma\n# EOF\n", segments), stalled } }));
  const served = (...names: string[]) => {
    const filter = (name: string) => names.includes(name);
    const { plain, gzip } = store.metrics({ openMetrics: false, filter });
    return [new TextDecoder().decode(plain), gzip];
  };
  assert.deepEqual(store.collectorNames(), ["cpu", "disk", "network", "host_numa"]);
  assert.deepEqual(served("disk", "network"), ["disk\nhost\n# EOF\n", undefined]);
  assert.deepEqual(served("cpu", "host_numa"), ["cpu\nhost\nnuma\n# EOF\n", undefined]);
  assert.deepEqual(served(), ["host\n# EOF\n", undefined]);
  clock.nowMs = 20_501;
  assert.deepEqual(served("cpu", "host_numa"), ["host\n", undefined]);
});

Deno.test("PageStore's snapshot has a tag of its own, also when it is stalled", () => {
  const { clock, store } = storeAt();
  const served = () => {
    const { plain, tag } = store.snapshot();
    return [new TextDecoder().decode(plain), tag];
  };
  assert.throws(served, { name: "TypeError" });
  store.put(page());
  assert.deepEqual(served(), ["{}", "lfzo-1"]);
  store.put(page());
  assert.deepEqual(served(), ["{}", "lfzo-2"]);
  clock.nowMs = 20_501;
  assert.deepEqual(served(), ['{"stalled":true}', "lfzo-2-stalled"]);
});

Deno.test("PageStore gives a page's memory back a second after a newer one came, and not before", () => {
  const actions: { action: () => void; afterMs: number }[] = [];
  const clock = {
    now: () => 0,
    wall: () => 0,
    later: (action: () => void, afterMs: number) => void actions.push({ action, afterMs }),
  };
  const store = new PageStore(BUILD, clock);
  const old = page();
  store.put(old);
  store.put(page());
  assert.equal(old.text.body.plain.buffer.detached, false);
  assert.deepEqual(actions.map(({ afterMs }) => afterMs), [1_000]);
  for (const { action } of actions) action();
  assert.equal(old.text.body.plain.buffer.detached, true);
  const { plain } = store.metrics({ openMetrics: false, filter: undefined });
  assert.equal(new TextDecoder().decode(plain), "fresh");
});
