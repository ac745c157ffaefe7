import assert from "node:assert/strict";
import type { PageMessage } from "../lib/messages.ts";
import { PageStore } from "../lib/page_store.ts";

const BUILD = { version: "1.2.3", revision: "abc", deno: "2.6.8", arch: "x86_64" };

function body(text: string) {
  const plain = new TextEncoder().encode(text);
  return { plain, gzip: plain };
}

function page(given: Partial<PageMessage> = {}): PageMessage {
  return {
    type: "page",
    body: body("fresh"),
    stalled: body("stalled"),
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
  const clock = { nowMs: 500, now: () => clock.nowMs, wall: () => 1_000_000 + clock.nowMs };
  const store = new PageStore(BUILD, clock);
  return { clock, store, served: () => new TextDecoder().decode(store.metrics().plain) };
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
