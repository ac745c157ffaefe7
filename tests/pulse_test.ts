import assert from "node:assert/strict";
import { Pulse } from "../lib/pulse.ts";

Deno.test("Pulse.read sees the beats of a pulse on the same memory, the same phase again too", () => {
  const worker = new Pulse();
  const main = new Pulse(worker.buffer);
  assert.deepEqual(main.read().phase, "idle");
  const ids = (["connect", "libvirt", "libvirt", "conntrack", "collect", "idle"] as const).map(
    (phase) => {
      worker.beat(phase);
      assert.equal(main.read().phase, phase);
      return main.read().id;
    },
  );
  assert.equal(new Set(ids).size, ids.length);
  assert.deepEqual(main.read(), main.read());
});

Deno.test("Pulse.beat goes on beyond what its cell can count", () => {
  const pulse = new Pulse();
  new Int32Array(pulse.buffer)[0] = 2 ** 31 - 1;
  pulse.beat("libvirt");
  const { id } = pulse.read();
  pulse.beat("libvirt");
  assert.equal(pulse.read().phase, "libvirt");
  assert.notEqual(pulse.read().id, id);
});
