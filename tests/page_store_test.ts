import assert from "node:assert/strict";
import type { PageMessage } from "../lib/messages.ts";
import { PageStore } from "../lib/page_store.ts";

function body(text: string) {
  const plain = new TextEncoder().encode(text);
  return { plain, gzip: plain };
}

function page(given: Partial<PageMessage> = {}): PageMessage {
  return {
    type: "page",
    body: body("fresh"),
    stalled: body("stalled"),
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
  const clock = { nowMs: 500 };
  const store = new PageStore(() => clock.nowMs);
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
  assert.deepEqual(store.readiness(), none);
  store.put(page({ isComplete: false }));
  assert.deepEqual(store.readiness(), none);
  store.put(page());
  clock.nowMs = 20_500;
  store.put(page({ isComplete: false }));
  const ready = { ready: true, reason: "The newest complete cycle is 20 s old" };
  assert.deepEqual(store.readiness(), ready);
  clock.nowMs = 20_501;
  assert.deepEqual(store.readiness(), { ...ready, ready: false });
});
