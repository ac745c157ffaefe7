import assert from "node:assert/strict";
import { openLibc } from "../../ffi/libc.ts";

Deno.test("KernelFiles.read reads a file of /proc to its end", () => {
  using libc = openLibc();
  assert.equal(libc.kernelFiles.read("/proc/sys/kernel/ostype"), "Linux\n");
  // Longer than one read of the kernel gives.
  const symbols = libc.kernelFiles.read("/proc/self/maps") ?? "";
  assert.match(symbols, /\[stack\][^]*\n$/);
});

Deno.test("KernelFiles.read answers undefined where there is no file", () => {
  using libc = openLibc();
  assert.equal(libc.kernelFiles.read("/proc/no-such-file"), undefined);
  assert.equal(libc.kernelFiles.read("/proc"), undefined);
});

Deno.test("KernelFiles.read gives nothing of a file without end, readStart its start", () => {
  using libc = openLibc();
  assert.equal(libc.kernelFiles.read("/dev/zero"), undefined);
  assert.equal(libc.kernelFiles.readStart("/dev/zero"), "\0".repeat(65_536));
  assert.equal(libc.kernelFiles.readStart("/proc/sys/kernel/ostype"), "Linux\n");
  assert.equal(libc.kernelFiles.readStart("/proc/no-such-file"), undefined);
});

Deno.test("KernelFiles.list names what is in a folder, or nothing where there is none", () => {
  using libc = openLibc();
  const folder = Deno.makeTempDirSync({ prefix: "oie-libc-" });
  try {
    for (const name of ["b", "a", "ä"]) Deno.writeTextFileSync(`${folder}/${name}`, "");
    assert.deepEqual(libc.kernelFiles.list(folder)?.toSorted(), ["a", "b", "ä"]);
    assert.equal(libc.kernelFiles.list(`${folder}/none`), undefined);
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
});
