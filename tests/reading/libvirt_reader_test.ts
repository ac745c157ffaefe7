import assert from "node:assert/strict";
import { DomainXmlError, parseDomainXml } from "../../lib/inventory/domain_xml.ts";
import { LibvirtReader } from "../../lib/reading/libvirt_reader.ts";
import type { DomainReading, LibvirtListing } from "../../lib/reading/libvirt_reading.ts";
import { FAILURES, type FakeDomain, FakeLibvirt } from "./fake_libvirt.ts";

const INTERVAL_MS = 10_000;
const XML = `<domain><vcpu>2</vcpu><devices>
  <disk><target dev="vda"/></disk><interface><target dev="tap0"/></interface>
</devices></domain>`;

function domain(name: string, id = 1, rest: Partial<FakeDomain> = {}): FakeDomain {
  return { stats: { uuid: `uuid-of-${name}`, name, id, state: 1 }, xml: XML, ...rest };
}

function withDevices(name: string, disks: string[], interfaces: string[]): FakeDomain {
  const { stats, xml = "" } = domain(name);
  const named = (names: string[]) => names.map((name) => ({ name }));
  return { stats: { ...stats, disks: named(disks), interfaces: named(interfaces) }, xml };
}

function start(...domains: FakeDomain[]) {
  const libvirt = new FakeLibvirt();
  libvirt.domains = domains;
  const { connect, now } = libvirt;
  return { libvirt, reader: new LibvirtReader("x:///", { intervalMs: INTERVAL_MS, connect, now }) };
}

function listing(reader: LibvirtReader): LibvirtListing {
  const reading = reader.read();
  assert.ok(reading.up, reading.up ? "" : reading.error.message);
  return reading;
}

function only(reader: LibvirtReader): DomainReading {
  const { domains: [first, ...others] } = listing(reader);
  assert.equal(others.length, 0);
  return first ?? assert.fail("no domain");
}

Deno.test("LibvirtReader.read gives statistics, description and the middle of the bulk call", () => {
  const { libvirt, reader } = start(domain("a"));
  libvirt.nowMs = 1000;
  const { domains, ...rest } = listing(reader);
  const versions = { libvirt: "9.0.0", hypervisor: "7.2.22" };
  assert.deepEqual(rest, {
    up: true,
    listDurationMs: 10,
    statsAtMs: 1005,
    domainErrors: 0,
    versions,
  });
  assert.deepEqual(domains, [{
    run: {},
    stats: { uuid: "uuid-of-a", name: "a", id: 1, state: 1 },
    description: parseDomainXml(XML),
    job: undefined,
    error: undefined,
  }]);
  assert.equal(libvirt.openLists, 0);
});

Deno.test("LibvirtReader.read asks for versions every ten minutes, and of each connection", () => {
  const { libvirt, reader } = start(domain("a"));
  const toldAt = (ms: number) => {
    libvirt.nowMs = ms;
    return listing(reader).versions?.hypervisor;
  };
  assert.equal(toldAt(0), "7.2.22");
  libvirt.hypervisor = "8.2.0";
  assert.deepEqual([toldAt(599_000), toldAt(601_000)], ["7.2.22", "8.2.0"]);
  libvirt.hypervisor = "9.0.0";
  libvirt.listErrors = [FAILURES.lost()];
  assert.equal(toldAt(602_000), "9.0.0");
});

Deno.test("LibvirtReader.read asks for jobs only where they are wanted, and a refusal is none", () => {
  const jobs = (wanted: boolean, job: FakeDomain["job"]) => {
    const libvirt = new FakeLibvirt();
    libvirt.domains = [domain("a", 1, { job })];
    const { connect, now } = libvirt;
    const reader = new LibvirtReader("x:///", {
      intervalMs: INTERVAL_MS,
      jobs: wanted,
      connect,
      now,
    });
    const reading = reader.read();
    return reading.up ? reading.domains.map(({ job, error }) => job ?? error) : reading.error;
  };
  assert.deepEqual(jobs(false, { operation: 5 }), [undefined]);
  assert.deepEqual(jobs(true, { operation: 5 }), [{ operation: 5 }]);
  for (const refuse of [FAILURES.unsupported, FAILURES.gone, FAILURES.other]) {
    assert.deepEqual(jobs(true, refuse()), [undefined]);
  }
  assert.equal(String(jobs(true, FAILURES.lost())), "LibvirtError: lost");
});

Deno.test("LibvirtReader.read keeps run and description while a run lasts", () => {
  const { libvirt, reader } = start(domain("a"));
  const first = only(reader);
  const second = only(reader);
  assert.equal(second.run, first.run);
  assert.equal(second.description, first.description);
  assert.deepEqual(libvirt.xmlFetches, ["a"]);
  libvirt.domains = [domain("a", 2)];
  assert.notEqual(only(reader).run, first.run);
  assert.deepEqual(libvirt.xmlFetches, ["a", "a"]);
});

Deno.test("LibvirtReader.read forgets a run that one listing did not have", () => {
  const { libvirt, reader } = start(domain("a"));
  const { run } = only(reader);
  libvirt.domains = [];
  assert.deepEqual(listing(reader).domains, []);
  libvirt.domains = [domain("a")];
  assert.notEqual(only(reader).run, run);
});

Deno.test("LibvirtReader.read fetches XML again when the devices in the statistics change", () => {
  const { libvirt, reader } = start(withDevices("a", ["vda"], ["tap0"]));
  const { description } = only(reader);
  only(reader);
  assert.equal(libvirt.xmlFetches.length, 1);
  libvirt.domains = [withDevices("a", ["vda", "vdb"], ["tap0"])];
  assert.equal(only(reader).description, description, "the text is the same");
  assert.equal(libvirt.xmlFetches.length, 2);
  libvirt.domains = [{ ...withDevices("a", ["vda", "vdb"], ["tap1"]), xml: "<domain/>" }];
  assert.deepEqual(only(reader).description, parseDomainXml("<domain/>"));
  assert.equal(libvirt.xmlFetches.length, 3);
  only(reader);
  libvirt.domains = [domain("a")];
  only(reader);
  assert.equal(libvirt.xmlFetches.length, 4, "a busy guest without lists has not changed");
});

Deno.test("LibvirtReader.read fetches XML once more after that: Nova writes its metadata behind the device", () => {
  const { libvirt, reader } = start(withDevices("a", ["vda"], []));
  only(reader);
  libvirt.domains = [withDevices("a", ["vda"], ["tap0"])];
  only(reader);
  libvirt.domains = [{ ...withDevices("a", ["vda"], ["tap0"]), xml: "<domain/>" }];
  assert.deepEqual(only(reader).description, parseDomainXml("<domain/>"));
  only(reader);
  assert.equal(libvirt.xmlFetches.length, 3);
});

Deno.test("LibvirtReader.read keeps the description's identity when new XML means the same", () => {
  const { libvirt, reader } = start(withDevices("a", ["vda"], []));
  const { description } = only(reader);
  libvirt.domains = [{ ...withDevices("a", [], []), xml: XML.replace("<devices>", "<devices> ") }];
  assert.equal(only(reader).description, description);
});

Deno.test("LibvirtReader.read never uses XML older than 60 s, and spreads the fetches", () => {
  const names = Array.from({ length: 100 }, (_, i) => `domain-${i}`);
  const { libvirt, reader } = start(...names.map((name) => domain(name)));
  const lastFetchMs = new Map<string, number>();
  let mostInOneCycle = 0;
  for (let cycle = 0; cycle < 60; cycle++) {
    libvirt.nowMs = cycle * INTERVAL_MS;
    libvirt.xmlFetches = [];
    listing(reader);
    for (const name of libvirt.xmlFetches) lastFetchMs.set(name, libvirt.nowMs);
    if (cycle > 0) mostInOneCycle = Math.max(mostInOneCycle, libvirt.xmlFetches.length);
    const oldest = Math.min(...lastFetchMs.values());
    assert.ok(libvirt.nowMs - oldest <= 60_000, `${libvirt.nowMs - oldest} ms`);
  }
  assert.ok(mostInOneCycle < 35, `${mostInOneCycle} of 100 domains in one cycle`);
});

Deno.test("LibvirtReader.read leaves out a domain that went between two calls", () => {
  const { libvirt, reader } = start(domain("a", 1, { xml: FAILURES.gone() }), domain("b"));
  const { domains, domainErrors } = listing(reader);
  assert.deepEqual([domains.map(({ stats }) => stats.name), domainErrors], [["b"], 0]);
  assert.equal(libvirt.open, 1);
});

Deno.test("LibvirtReader.read counts XML that cannot be parsed and keeps the last description", () => {
  const { libvirt, reader } = start(withDevices("a", ["vda"], []), domain("b", 1, { xml: "<no" }));
  const [good, bad] = listing(reader).domains;
  assert.equal(bad?.description, undefined);
  assert.ok(bad?.error instanceof DomainXmlError);
  assert.equal(listing(reader).domains[1]?.error, bad.error, "the same error is the same object");
  libvirt.domains = [{ ...withDevices("a", ["vdb"], []), xml: "<no" }];
  const { domains: [kept], domainErrors } = listing(reader);
  assert.equal(domainErrors, 1);
  assert.equal(kept?.description, good?.description);
});

Deno.test("LibvirtReader.read keeps the description while fetching fails, and tries each cycle", () => {
  const { libvirt, reader } = start(withDevices("a", ["vda"], []));
  const { description } = only(reader);
  libvirt.domains = [{ ...withDevices("a", ["vdb"], []), xml: FAILURES.other() }];
  const failing = only(reader);
  assert.deepEqual([failing.description, failing.error?.message], [description, "other"]);
  libvirt.domains = [{ ...withDevices("a", ["vdb"], []), xml: FAILURES.other() }];
  assert.equal(only(reader).error, failing.error, "the same complaint is the same object");
  libvirt.domains = [withDevices("a", ["vdb"], [])];
  assert.equal(only(reader).error, undefined);
  assert.equal(libvirt.xmlFetches.length, 4);
});

Deno.test("LibvirtReader.read fills the state too, for a driver without the bulk call", () => {
  const info = { state: 3, vcpus: 2, memoryKib: 1024n, cpuTimeNs: 5n };
  const bare = domain("a", 1, { info });
  bare.stats = { uuid: "uuid-of-a", name: "a", id: 1 };
  const { libvirt, reader } = start(bare);
  libvirt.missing = ["STATE", "CPU_TOTAL", "BALLOON", "INTERFACE", "BLOCK"];
  const { stats } = only(reader);
  assert.deepEqual([stats.state, stats.stateReason, stats.cpuTimeNs], [3, undefined, 5n]);
});

Deno.test("LibvirtReader.read fills the groups that the driver lacks", () => {
  const info = { state: 1, vcpus: 2, memoryKib: 1024n, cpuTimeNs: 5n };
  const { libvirt, reader } = start(domain("a", 1, { info }));
  libvirt.missing = ["CPU_TOTAL", "BALLOON", "INTERFACE", "BLOCK"];
  assert.deepEqual(only(reader).stats, {
    uuid: "uuid-of-a",
    name: "a",
    id: 1,
    state: 1,
    cpuTimeNs: 5n,
    memoryCurrentKib: 1024n,
    vcpus: 2,
    disks: [{ name: "vda", readBytes: 1n }],
    interfaces: [{ name: "tap0", rxBytes: 2n }],
  });
});

Deno.test("LibvirtReader.read leaves absent what no call can fill", () => {
  const { libvirt, reader } = start(domain("a", 1, {
    info: FAILURES.other(),
    blockStats: FAILURES.unsupported(),
    interfaceStats: FAILURES.unsupported(),
  }));
  libvirt.missing = ["CPU_TOTAL", "INTERFACE", "BLOCK"];
  const { stats, error } = only(reader);
  assert.deepEqual([stats.cpuTimeNs, stats.disks, stats.interfaces, error?.message], [
    undefined,
    [{ name: "vda" }],
    [{ name: "tap0" }],
    "other",
  ]);
});

Deno.test("LibvirtReader.read asks no busy domain for groups that its driver has", () => {
  const { reader } = start(domain("a", 1, {
    info: FAILURES.other(),
    blockStats: FAILURES.other(),
    interfaceStats: FAILURES.other(),
  }));
  const { stats, error } = only(reader);
  assert.deepEqual([stats.disks, stats.interfaces, error], [undefined, undefined, undefined]);
});

Deno.test("LibvirtReader.read reconnects at once when the connection is lost", () => {
  const { libvirt, reader } = start(domain("a"));
  const { run } = only(reader);
  libvirt.listErrors = [FAILURES.lost()];
  assert.equal(only(reader).run, run);
  assert.deepEqual([libvirt.connections, libvirt.open], [2, 1]);
  assert.deepEqual(libvirt.xmlFetches, ["a", "a"], "the id may mean another run by now");
});

Deno.test("LibvirtReader.read reconnects when the connection is lost in the middle of a cycle", () => {
  const { libvirt, reader } = start(domain("a"), domain("b"));
  listing(reader);
  libvirt.domains = [domain("a"), domain("c", 3, { xml: FAILURES.lost() })];
  const reading = reader.read();
  assert.ok(!reading.up && reading.error.message === "lost");
  assert.deepEqual([libvirt.connections, libvirt.open, libvirt.openLists], [2, 0, 0]);
});

Deno.test("LibvirtReader.read is down after any other failure of the listing, without a handle", () => {
  const { libvirt, reader } = start(domain("a"));
  libvirt.listErrors = [FAILURES.other()];
  const reading = reader.read();
  assert.deepEqual([reading.up, libvirt.connections, libvirt.open], [false, 1, 0]);
});

Deno.test("LibvirtReader.read backs off while it cannot connect, below half an interval", () => {
  const { libvirt, reader } = start(domain("a"));
  libvirt.connectErrors = Array.from({ length: 20 }, FAILURES.lost);
  const triesAtMs: number[] = [];
  for (; libvirt.nowMs < 30_000; libvirt.nowMs += 50) {
    const before = libvirt.connections;
    assert.equal(reader.read().up, false);
    if (libvirt.connections > before) triesAtMs.push(libvirt.nowMs);
  }
  assert.deepEqual(
    triesAtMs,
    [0, 250, 750, 1750, 3750, 7750, 12_750, 17_750, 22_750, 27_750],
  );
  libvirt.connectErrors = [];
  libvirt.nowMs += INTERVAL_MS;
  assert.equal(reader.read().up, true);
});

Deno.test("LibvirtReader.close closes the one connection, and a second time nothing", () => {
  const { libvirt, reader } = start(domain("a"));
  listing(reader);
  assert.equal(reader.close(), 0);
  assert.equal(reader.close(), 0);
  assert.equal(libvirt.open, 0);
});
