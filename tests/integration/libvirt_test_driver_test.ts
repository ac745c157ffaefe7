import assert from "node:assert/strict";
import { LibvirtConnection, LibvirtError } from "../../ffi/libvirt.ts";
import { cString } from "../../ffi/c_string.ts";
import { openLibvirtLibrary } from "../../ffi/libvirt_library.ts";
import { listActiveDomains } from "../../ffi/list_active_domains.ts";
import { LibvirtReader } from "../../lib/reading/libvirt_reader.ts";
import type { LibvirtListing } from "../../lib/reading/libvirt_reading.ts";

const DEMO_URI = `test://${new URL("../../scripts/demo/node.xml", import.meta.url).pathname}`;
const MIB = 1024 * 1024;

function listing(reader: LibvirtReader): LibvirtListing {
  const reading = reader.read();
  assert.ok(reading.up, reading.up ? "" : reading.error.message);
  return reading;
}

Deno.test("LibvirtConnection finds the groups that the test driver lacks", () => {
  const connection = LibvirtConnection.open("test:///default");
  try {
    using list = connection.allDomainStats();
    assert.deepEqual(list.domains.map(({ stats }) => stats), [
      {
        uuid: "6695eb01-f6a4-8304-79aa-97f2502e193f",
        name: "test",
        id: 1,
        state: 1,
        stateReason: 0,
      },
    ]);
    assert.deepEqual(
      connection.missingGroups,
      new Set(["CPU_TOTAL", "BALLOON", "INTERFACE", "BLOCK"]),
    );
  } finally {
    assert.equal(connection.close(), 0);
  }
});

Deno.test("listActiveDomains names those that the bulk call names, and gives every handle back", () => {
  const connection = LibvirtConnection.open(DEMO_URI);
  using bulk = connection.allDomainStats();
  const named = bulk.domains.map(({ stats: { uuid, name, id } }) => ({ uuid, name, id }));
  const library = openLibvirtLibrary();
  const handle = library.symbols.virConnectOpenReadOnly(cString(DEMO_URI));
  try {
    const list = listActiveDomains(library.symbols, handle);
    const byName = (a: { name: string }, b: { name: string }) => a.name < b.name ? -1 : 1;
    assert.deepEqual(
      list.domains.map(({ stats }) => stats).sort(byName),
      named.sort(byName),
    );
    const [domain] = list.domains;
    assert.ok(domain !== undefined);
    assert.equal(domain.info().state, 1);
    list[Symbol.dispose]();
    list[Symbol.dispose]();
    assert.throws(() => domain.info(), { message: "Cannot read a domain: its list is disposed" });
  } finally {
    assert.equal(library.symbols.virConnectClose(handle), 0);
    library.close();
    bulk[Symbol.dispose]();
    assert.equal(connection.close(), 0);
  }
});

Deno.test("ListedDomain refuses calls after its list is disposed, and says what it cannot read", () => {
  const connection = LibvirtConnection.open("test:///default");
  try {
    const list = connection.allDomainStats();
    const [domain] = list.domains;
    assert.ok(domain !== undefined);
    assert.ok(domain.xml().startsWith("<domain type='test' id='1'>"));
    assert.throws(() => domain.blockStats("vdz"), {
      name: "LibvirtError",
      message: "Cannot read disk vdz of domain test: invalid argument: invalid path: vdz " +
        "(libvirt code 8, domain 12)",
      kind: "other",
    });
    list[Symbol.dispose]();
    list[Symbol.dispose]();
    assert.throws(() => domain.xml(), { message: "Cannot read a domain: its list is disposed" });
  } finally {
    assert.equal(connection.close(), 0);
    assert.equal(connection.close(), 0);
  }
  assert.throws(() => connection.allDomainStats(), {
    message: "Cannot list domains: connection is closed",
  });
});

Deno.test("LibvirtConnection.open says what it tried, and why that failed", () => {
  assert.throws(
    () => LibvirtConnection.open("qemu+unix:///system?socket=/nowhere/libvirt-sock-ro"),
    {
      name: "LibvirtError",
      message: "Cannot connect to libvirt: tried " +
        "qemu+unix:///system?socket=/nowhere/libvirt-sock-ro, read-only: Failed to connect " +
        "socket to '/nowhere/libvirt-sock-ro': No such file or directory " +
        "(libvirt code 38, domain 7)",
    },
  );
  assert.throws(() => LibvirtConnection.open("test+tcp:///:no uri"), LibvirtError);
});

Deno.test("LibvirtReader reads the demo cloud, statistics included", () => {
  const reader = new LibvirtReader(DEMO_URI, { intervalMs: 1000 });
  const first = listing(reader);
  const second = listing(reader);
  assert.equal(reader.close(), 0);
  assert.deepEqual(
    first.domains.map(({ stats }) => stats.name).sort(),
    Array.from({ length: 10 }, (_, i) => `instance-${(i + 1).toString(16).padStart(8, "0")}`),
  );
  assert.equal(first.domainErrors, 0);
  const descriptions = first.domains.flatMap(({ description }) => description ?? []);
  const distinct = (texts: string[]) => [...new Set(texts)].sort();
  assert.deepEqual(distinct(descriptions.flatMap(({ disks }) => disks.map(({ tier }) => tier))), [
    "block",
    "local",
    "ultra",
    "vms",
    "volumes",
  ]);
  assert.deepEqual(distinct(descriptions.map(({ projectName }) => projectName)), [
    "ci",
    "data & analytics",
    "web-shop",
    "Ärzte-Portal",
  ]);
  assert.equal(descriptions.filter(({ rootType }) => rootType === "").length, 2);
  for (const [i, { run, stats, description }] of first.domains.entries()) {
    const later = second.domains[i];
    assert.ok(description !== undefined && later !== undefined);
    assert.deepEqual([later.run === run, later.description === description], [true, true]);
    assert.equal(stats.state, 1);
    assert.equal(stats.vcpus, description.vcpus);
    assert.equal(Number(stats.memoryCurrentKib), description.memoryKib);
    assert.ok((later.stats.cpuTimeNs ?? 0n) > (stats.cpuTimeNs ?? 0n));
    const { blockDevices, interfaces } = description;
    assert.deepEqual(stats.disks?.map(({ name }) => name), blockDevices);
    assert.deepEqual(
      stats.interfaces?.map(({ name }) => name),
      interfaces.map(({ device }) => device),
    );
    for (const device of [...stats.disks ?? [], ...stats.interfaces ?? []]) {
      const counters = Object.values(device).filter((value) => typeof value === "bigint");
      assert.equal(counters.length, "readBytes" in device ? 4 : 8);
    }
  }
});

Deno.test("LibvirtReader leaks no handle and no memory over 1,000 cycles", () => {
  // With an interval this long all XML is too old by the next cycle, so each cycle fetches it.
  const reader = new LibvirtReader(DEMO_URI, { intervalMs: 60_000 });
  const read = (cycles: number) => {
    for (let i = 0; i < cycles; i++) assert.equal(listing(reader).domains.length, 10);
    return Deno.memoryUsage().rss;
  };
  const warm = read(500);
  const grownMib = (read(1000) - warm) / MIB;
  assert.equal(reader.close(), 0);
  // One XML that is not freed in each call would be 20 MiB.
  assert.ok(grownMib < 10, `${grownMib} MiB`);
});

Deno.test({
  name: "LibvirtConnection.open says which permission it lacks",
  permissions: { ffi: false },
  fn() {
    assert.throws(() => LibvirtConnection.open("test:///default"), {
      name: "LibvirtUnavailableError",
      message: /^Cannot load libvirt: tried libvirt\.so\.0 in .*: .*; grant --allow-ffi$/,
    });
  },
});
