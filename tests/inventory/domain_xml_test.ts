import assert from "node:assert/strict";
import fc from "fast-check";
import { parseIpAddress } from "../../lib/address/ip_address.ts";
import { DomainXmlError, MAX_XML_LENGTH, parseDomainXml } from "../../lib/inventory/domain_xml.ts";
import type { InstanceDescription } from "../../lib/inventory/instance.ts";

const NOTHING: InstanceDescription = {
  metadataVersion: "",
  displayName: "",
  flavor: "",
  projectUuid: "",
  projectName: "",
  userUuid: "",
  userName: "",
  rootType: "",
  createdAt: "",
  vcpus: undefined,
  memoryKib: undefined,
  fixedIps: [],
  fixedIpPorts: [],
  disks: [],
  interfaces: [],
  blockDevices: [],
};

const DESCRIPTIONS: Readonly<Record<string, InstanceDescription>> = {
  "ceph.xml": {
    metadataVersion: "27.1.0",
    displayName: "billing",
    flavor: "c4.large",
    projectUuid: "9a8b7c6d5e4f43210fedcba987654321",
    projectName: "Zahlungen „Süd“",
    userUuid: "5f0c9d6e2b7a4c3d8e1f0a9b8c7d6e5f",
    userName: "li & sons",
    rootType: "image",
    createdAt: "2024-03-05 09:41:07",
    vcpus: 2,
    memoryKib: 6291456,
    fixedIps: addresses("10.0.0.21", "2001:db8::21", "10.0.1.21"),
    fixedIpPorts: [
      ["d1a3a1f0-0000-4000-8000-000000000001", "d1a3a1f0-0200-4a5b-8c6d-000000000002"],
      ["d1a3a1f0-0000-4000-8000-000000000001"],
      ["d1a3a1f0-0200-4a5b-8c6d-000000000002"],
    ],
    disks: [
      { device: "vda", tier: "vms", uuid: "0b7d5a5c-6a0e-4b44-9f0e-4d1f6a3c9a01_disk" },
      { device: "vdb", tier: "ultra", uuid: "7e57ab1e-0000-4000-8000-00000000000a" },
      { device: "vdc", tier: "007", uuid: "ns/volume-x" },
    ],
    interfaces: [
      {
        device: "tapd1a3a1f0-01",
        mac: "fa:16:3e:0a:0b:01",
        bridge: "br-int",
        model: "virtio",
        portUuid: "d1a3a1f0-0100-4a5b-8c6d-000000000001",
        mtu: "1442",
      },
      {
        device: "tapd1a3a1f0-02",
        mac: "",
        bridge: "",
        model: "",
        portUuid: "d1a3a1f0-0200-4a5b-8c6d-000000000002",
        mtu: "",
      },
    ],
    blockDevices: ["vda", "vdb", "vdc", "sda"],
  },
  "volume_boot.xml": {
    ...NOTHING,
    metadataVersion: "19.3.2",
    flavor: "1.10",
    projectUuid: "p-1",
    projectName: "N/A",
    userUuid: "u-1",
    userName: "N/A",
    createdAt: "2019-10-01 00:00:00",
    vcpus: 3,
    memoryKib: 524288,
    disks: [
      { device: "vda", tier: "block", uuid: "/dev/mapper/mpatha" },
      { device: "vdb", tier: "unknown", uuid: "5" },
      { device: "vdc", tier: "unknown", uuid: "" },
      { device: "vdd", tier: "unknown", uuid: "7E57AB1E-0000-4000-8000-00000000000B" },
    ],
    blockDevices: ["vda", "vdb", "vdc", "vdd"],
  },
  "helper_vm.xml": { ...NOTHING, vcpus: 1, memoryKib: 976562 },
};

for (const [file, description] of Object.entries(DESCRIPTIONS)) {
  Deno.test(`parseDomainXml describes ${file}`, () => {
    assert.deepEqual(parseDomainXml(fixture(file)), description);
  });
}

Deno.test("parseDomainXml takes the first of two sayings, and CDATA as text", () => {
  const { userName, flavor, fixedIps } = parseDomainXml(`<domain><metadata>
    <a:instance><a:owner><a:user><![CDATA[<me>]]> &amp; you</a:user></a:owner></a:instance>
    <b:instance><b:owner><b:user>other</b:user></b:owner><b:flavor name="f"/>
      <b:ports><b:port><b:ip address=" fe80::1 "/></b:port></b:ports></b:instance>
  </metadata></domain>`);
  assert.deepEqual(
    { userName, flavor, fixedIps },
    { userName: "<me> & you", flavor: "f", fixedIps: addresses("fe80::1") },
  );
});

Deno.test("parseDomainXml gives an address all the ports that have it, each once", () => {
  const { fixedIps, fixedIpPorts } = parseDomainXml(`<domain><metadata><n:instance><n:ports>
    <n:port uuid="A-1"><n:ip address="10.0.0.1"/><n:ip address="10.0.0.1"/></n:port>
    <n:port uuid=" a-2 "><n:ip address="10.0.0.1"/></n:port>
    <n:port><n:ip address="10.0.0.1"/><n:ip address="10.0.0.2"/></n:port>
  </n:ports></n:instance></metadata></domain>`);
  assert.deepEqual(fixedIps, addresses("10.0.0.1", "10.0.0.2"));
  assert.deepEqual(fixedIpPorts, [["a-1", "a-2"], []]);
});

Deno.test("parseDomainXml reads an empty domain", () => {
  assert.deepEqual(parseDomainXml("<domain/>"), NOTHING);
});

const BAD: readonly (readonly [what: string, xml: string, message: string])[] = [
  ["no text", "", "1:0: document must contain a root element."],
  ["text only", "x", "1:1: text data outside of root node."],
  ["an open end", "<domain>", "1:8: unclosed tag: domain"],
  ["another root", "<a/>", "its root is <a> instead of <domain>"],
  ["deep nesting", `<domain>${"<a>".repeat(256)}`, "elements are nested deeper than 256"],
  [
    "an entity of its own",
    `<!DOCTYPE d [<!ENTITY e "x">]><domain>&e;</domain>`,
    "1:41: undefined entity.",
  ],
  [
    "absurd length",
    " ".repeat(MAX_XML_LENGTH + 1),
    "it has 4194305 characters, at most 4194304 are read",
  ],
];

for (const [what, xml, message] of BAD) {
  Deno.test(`parseDomainXml refuses ${what}`, () => {
    assert.throws(() => parseDomainXml(xml), {
      name: "DomainXmlError",
      message: `Cannot parse domain XML: ${message}`,
    });
  });
}

Deno.test("parseDomainXml answers or throws a DomainXmlError for any text", () => {
  const markup = fc.array(
    fc.constantFrom(..."<>/&;'\"= \n![]-?:#x", "domain", "metadata", "instance", "disk", "CDATA"),
  ).map((parts) => parts.join(""));
  const text = fc.oneof(fc.string({ unit: "binary" }), markup);
  fc.assert(
    fc.property(text, fc.boolean(), (text, inside) => {
      answersOrRefuses(inside ? `<domain>${text}</domain>` : text);
    }),
    { seed: 2, numRuns: 500 },
  );
});

Deno.test("parseDomainXml answers or throws a DomainXmlError for XML that was damaged", () => {
  const whole = Object.keys(DESCRIPTIONS).map(fixture);
  const damage = fc.record({
    xml: fc.constantFrom(...whole),
    at: fc.nat(),
    length: fc.nat(40),
    text: fc.oneof(
      fc.string({ unit: "binary", maxLength: 8 }),
      fc.constantFrom("<", "]]>", "&#0;"),
    ),
  });
  fc.assert(
    fc.property(damage, ({ xml, at, length, text }) => {
      const start = at % xml.length;
      answersOrRefuses(xml.slice(0, start) + text + xml.slice(start + length));
    }),
    { seed: 3, numRuns: 1000 },
  );
});

Deno.test("parseDomainXml returns the text that Nova wrote, whatever a tenant chose", () => {
  const name = fc.string({ unit: "grapheme" }).filter((text) => text !== "");
  fc.assert(
    fc.property(name, (name) => {
      const escaped = name.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
      const xml = `<domain><metadata><n:instance><n:owner><n:project uuid="p">${escaped}` +
        `</n:project></n:owner></n:instance></metadata></domain>`;
      assert.equal(parseDomainXml(xml).projectName, name);
    }),
    { seed: 4 },
  );
});

function answersOrRefuses(xml: string): void {
  try {
    const { disks, blockDevices, interfaces, fixedIps } = parseDomainXml(xml);
    for (
      const keys of [
        disks.map(({ device }) => device),
        blockDevices,
        interfaces.map(({ device }) => device),
        fixedIps.map(({ text }) => text),
      ]
    ) {
      assert.equal(new Set(keys).size, keys.length);
    }
  } catch (error) {
    if (!(error instanceof DomainXmlError)) throw error;
  }
}

function addresses(...texts: string[]) {
  return texts.map((text) => parseIpAddress(text) ?? assert.fail(text));
}

function fixture(file: string): string {
  return Deno.readTextFileSync(new URL(`../fixtures/domains/${file}`, import.meta.url));
}
