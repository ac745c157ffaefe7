import assert from "node:assert/strict";
import { LineWriter } from "../../lib/log/line_writer.ts";
import { MemoryTarget } from "./memory_target.ts";

const dropped = (count: number) => `${count} dropped\n`;

Deno.test("LineWriter writes lines in order", async () => {
  const target = new MemoryTarget();
  const writer = new LineWriter(target, dropped);
  for (let i = 0; i < 5; i++) writer.write(`${i}\n`);
  await writer.flush(1000);
  assert.equal(target.text, "0\n1\n2\n3\n4\n");
});

Deno.test("LineWriter keeps a bounded number of lines for a target that is stuck, and counts the rest", async () => {
  const memory = new MemoryTarget();
  const gate = Promise.withResolvers<void>();
  const writer = new LineWriter({
    write: async (bytes) => {
      await gate.promise;
      await memory.write(bytes);
    },
  }, dropped);
  for (let i = 0; i < 2501; i++) writer.write(`${i}\n`);
  await writer.flush(1);
  assert.equal(memory.text, "");
  gate.resolve();
  await writer.flush(1000);
  const kept = Array.from({ length: 2001 }, (_, i) => `${i}`);
  assert.deepEqual(memory.text.trimEnd().split("\n"), [...kept, "500 dropped"]);
});

Deno.test("LineWriter goes on after a target that fails", async () => {
  const memory = new MemoryTarget();
  let failing = true;
  const writer = new LineWriter({
    write: (bytes) => failing ? Promise.reject(new Error("EPIPE")) : memory.write(bytes),
  }, dropped);
  writer.write("lost\n");
  await writer.flush(1000);
  failing = false;
  writer.write("kept\n");
  await writer.flush(1000);
  assert.equal(memory.text, "kept\n");
});
