import assert from "node:assert/strict";
import { readProcess } from "../../lib/reading/process_reader.ts";

/** Texts of /proc in the form of proc(5), by their paths. */
const FILES: Readonly<Record<string, string>> = {
  "/proc/self/stat":
    "42 (a (very) odd name) S 1 42 42 0 -1 4194560 100 0 0 0 250 75 0 0 20 0 12 0 5000 1000 10 9\n",
  "/proc/stat": "cpu  1 2 3\nintr 7\nbtime 1767225600\nprocesses 9\n",
  "/proc/self/status": "Name:\tx\nVmPeak:\t  900 kB\nVmSize:\t  800 kB\nVmRSS:\t  100 kB\n",
  "/proc/self/limits":
    "Limit                     Soft Limit           Hard Limit           Units     \n" +
    "Max open files            1024                 524288               files     \n",
};

function listFolder(path: string): string[] | undefined {
  return path === "/proc/self/fd" ? ["0", "1", "2", "3"] : undefined;
}

Deno.test("readProcess reads CPU, memory, descriptors and start", () => {
  assert.deepEqual(readProcess({ readFile: (path) => FILES[path], listFolder }), {
    cpuSeconds: 3.25,
    startTime: 1_767_225_650,
    residentMemory: 102_400,
    virtualMemory: 819_200,
    maxFds: 1024,
    openFds: 3,
  });
});

Deno.test("readProcess leaves out what cannot be read", () => {
  assert.deepEqual(readProcess({ readFile: () => undefined, listFolder: () => undefined }), {});
  const unlimited = "Max open files            unlimited            unlimited            files\n";
  const readFile = (path: string) => path.endsWith("limits") ? unlimited : "garbage ) x";
  assert.deepEqual(readProcess({ readFile, listFolder }), { openFds: 3 });
});
