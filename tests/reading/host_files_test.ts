import assert from "node:assert/strict";
import { readHost } from "../../lib/reading/host_files.ts";

const NODES = [
  "/sys/devices/system/node/node0/meminfo",
  "/sys/devices/system/node/node10/meminfo",
] as const;
const FILES: Readonly<Record<string, string>> = {
  "/proc/stat": "cpu  100 0 0 0 0 0 0 0 0 0\ncpu0 100 0 0 0 0 0 0 0 0 0\n",
  "/proc/meminfo": "MemTotal: 4 kB\nMemAvailable: 1 kB\n",
  "/proc/net/stat/nf_conntrack": "drop early_drop insert_failed\n1 2 3\n",
  "/proc/sys/kernel/osrelease": "6.1.0-30-amd64\n",
  [NODES[0]]: "Node 0 MemTotal: 2 kB\nNode 0 MemFree: 1 kB\n",
  [NODES[1]]: "Node 10 MemTotal: 2 kB\nNode 10 MemFree: 0 kB\n",
};
const ALL = ["cpu", "memory", "conntrackDrops", "numaNodes", "kernel"] as const;

function host(files: Readonly<Record<string, string>>) {
  return {
    readFile: (path: string) => files[path],
    listFolder: (path: string) => {
      const below = Object.keys(files).filter((file) => file.startsWith(`${path}/`));
      const names = below.map((file) => file.slice(path.length + 1).split("/")[0] ?? "");
      return names.length === 0 ? undefined : [...names, "power", "has_cpu"];
    },
  };
}

Deno.test("readHost reads every part that is asked for, and no other", () => {
  const numaNodes = [
    { node: "0", totalBytes: 2048, freeBytes: 1024 },
    { node: "10", totalBytes: 2048, freeBytes: 0 },
  ];
  const { reading, errors } = readHost(ALL, host(FILES));
  assert.deepEqual(reading, {
    cpu: {
      cpus: 1,
      secondsByMode: new Map([
        ["user", 1],
        ...["nice", "system", "idle", "iowait", "irq", "softirq", "steal", "guest"].map((mode) =>
          [mode, 0] as const
        ),
      ]),
    },
    memory: { totalBytes: 4096, availableBytes: 1024 },
    conntrackDrops: { drop: 1, earlyDrop: 2, insertFailed: 3 },
    numaNodes,
    kernel: "6.1.0-30-amd64",
  });
  assert.deepEqual(errors, new Map());
  assert.deepEqual(readHost(["numaNodes"], host(FILES)), {
    reading: { numaNodes },
    errors: new Map(),
  });
});

Deno.test("readHost leaves out a part whose file is missing or odd, and says which", () => {
  const files = {
    ...FILES,
    "/proc/stat": "",
    "/proc/meminfo": "MemTotal: 4 MB\n",
    "/sys/devices/system/node/node2/meminfo": "what\n",
  };
  const { reading, errors } = readHost(ALL, host(files));
  assert.deepEqual(Object.keys(reading), ["conntrackDrops", "numaNodes", "kernel"]);
  assert.deepEqual([...errors].map(([path, { message }]) => [path, message]), [
    ["/proc/stat", "Cannot use /proc/stat: it is missing or lacks what is read of it"],
    ["/proc/meminfo", "Cannot use /proc/meminfo: it is missing or lacks what is read of it"],
    [
      "/sys/devices/system/node/node2/meminfo",
      "Cannot use /sys/devices/system/node/node2/meminfo: it is missing or lacks what is read of it",
    ],
  ]);
  assert.deepEqual(reading.numaNodes?.map(({ node }) => node), ["0", "10"]);
});

Deno.test("readHost keeps what a file says, and says what it lacks: no memory available, no NUMA node", () => {
  const { [NODES[0]]: _first, [NODES[1]]: _second, ...files } = FILES;
  const { reading, errors } = readHost(
    ["memory", "numaNodes"],
    host({ ...files, "/proc/meminfo": "MemTotal: 4 kB\n" }),
  );
  assert.deepEqual(reading, { memory: { totalBytes: 4096 } });
  assert.deepEqual([...errors.keys()], ["/proc/meminfo", "/sys/devices/system/node"]);
});
