import assert from "node:assert/strict";
import fc from "fast-check";
import { OvsdbError } from "../../lib/ovs/ovsdb_error.ts";
import { ZoneRows } from "../../lib/ovs/zone_rows.ts";
import { bridges } from "./fake_ovsdb.ts";

const SEED = 20_302;
const PORT = "d1a3a1f0-0000-4000-8000-00000000000a";

Deno.test("ZoneRows has the zones of ports, by lower case, and of what else ovn-controller names", () => {
  const rows = new ZoneRows();
  rows.update(bridges({
    "row-1": {
      [`ct-zone-${PORT.toUpperCase()}`]: "7",
      "ct-zone-5b1d_snat": "8",
      "ct-zone-": "9",
      "ovn-nb-cfg": "12",
      [`xct-zone-${PORT}`]: "13",
    },
  }));
  assert.deepEqual([...rows.zones()], [[PORT, 7], ["5b1d_snat", 8], ["", 9]]);
});

const NO_ZONES = [
  ...[
    "0",
    "00000",
    "65536",
    "99999",
    "-1",
    "+1",
    "1.5",
    "1e3",
    "",
    " ",
    "0x7",
    " 7",
    "7 ",
    "\u0667",
  ],
  ...["000007", "999999999999", "seven", "NaN"],
];

for (const text of NO_ZONES) {
  Deno.test(`ZoneRows skips ${JSON.stringify(text)}, which is no zone`, () => {
    const rows = new ZoneRows();
    rows.update(bridges({ a: { "ct-zone-p": text } }));
    assert.deepEqual([...rows.zones()], []);
  });
}

Deno.test("ZoneRows knows the first zone and the last", () => {
  const rows = new ZoneRows();
  rows.update(bridges({ a: { "ct-zone-p": "1", "ct-zone-q": "65535" } }));
  assert.deepEqual([...rows.zones()], [["p", 1], ["q", 65_535]]);
});

Deno.test("ZoneRows follows changes and deletions, and leaves out a zone that two ports claim", () => {
  const rows = new ZoneRows();
  rows.update(bridges({ a: { "ct-zone-p": "1", "ct-zone-q": "2" }, b: { "ct-zone-r": "1" } }));
  assert.deepEqual([...rows.zones()], [["q", 2]]);
  rows.update(bridges({ b: null }));
  assert.deepEqual([...rows.zones()], [["p", 1], ["q", 2]]);
  rows.update(bridges({ a: { "ct-zone-q": "1" } }));
  assert.deepEqual([...rows.zones()], [["q", 1]]);
  rows.update({ Interface: { x: { new: { name: "tap" } } } });
  rows.update({});
  assert.deepEqual([...rows.zones()], [["q", 1]]);
});

/** Notes on bridges, and the zones that they leave. */
const CLAIMS: readonly {
  readonly what: string;
  readonly rows: Parameters<typeof bridges>[0];
  readonly zones: readonly (readonly [string, number])[];
}[] = [
  {
    what: "a port keeps the zone that two bridges note for it",
    rows: { a: { "ct-zone-p": "1", "ct-zone-q": "2" }, b: { "ct-zone-p": "1" } },
    zones: [["p", 1], ["q", 2]],
  },
  {
    what: "a port has no zone where two bridges note two for it",
    rows: { a: { "ct-zone-p": "1", "ct-zone-q": "3" }, b: { "ct-zone-p": "2" } },
    zones: [["q", 3]],
  },
  {
    what: "both zones of a port that has two are no other port's",
    rows: {
      a: { "ct-zone-p": "1", "ct-zone-q": "3" },
      b: { "ct-zone-p": "2", "ct-zone-r": "2" },
      c: { "ct-zone-p": "1", "ct-zone-s": "1" },
    },
    zones: [["q", 3]],
  },
  {
    what: "a port has no zone where one bridge notes two for it, in two cases",
    rows: { a: { "ct-zone-P": "1", "ct-zone-p": "2" } },
    zones: [],
  },
  {
    what: "a zone is nobody's where three names claim it",
    rows: { a: { "ct-zone-p": "1" }, b: { "ct-zone-q": "1" }, c: { "ct-zone-p": "1" } },
    zones: [],
  },
];

for (const { what, rows: noted, zones } of CLAIMS) {
  Deno.test(`ZoneRows.zones: ${what}`, () => {
    for (const order of [Object.entries(noted), Object.entries(noted).toReversed()]) {
      const rows = new ZoneRows();
      for (const [row, ids] of order) rows.update(bridges({ [row]: ids }));
      assert.deepEqual([...rows.zones()], zones);
    }
  });
}

/** A bridge with so many zones, the same number for all. */
function crowd(count: number): Readonly<Record<string, string>> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`ct-zone-${at}`, "1"]));
}

Deno.test("ZoneRows.update refuses more zones than there are, on one bridge or on several", () => {
  const refused = /^OvsdbError: .*: it has more zones than there are$/;
  new ZoneRows().update(bridges({ a: crowd(65_535) }));
  assert.throws(() => new ZoneRows().update(bridges({ a: crowd(65_536) })), refused);
  const rows = new ZoneRows();
  rows.update(bridges({ a: crowd(40_000), b: crowd(25_535) }));
  // Bridges that go or shrink make room.
  rows.update(bridges({ c: crowd(45_535), a: crowd(20_000), b: null }));
  assert.throws(() => rows.update(bridges({ d: crowd(1) })), refused);
});

const BAD: readonly (readonly [what: string, updates: unknown])[] = [
  ["no object", null],
  ["an array", []],
  ["a table that is none", { Bridge: 1 }],
  ["a row that is none", { Bridge: { a: "x" } }],
  ["a row without the column", { Bridge: { a: { new: {} } } }],
  ["a column that is a set", { Bridge: { a: { new: { external_ids: ["set", []] } } } }],
  ["a map that is no array", { Bridge: { a: { new: { external_ids: ["map", "x"] } } } }],
  ["a pair that is none", { Bridge: { a: { new: { external_ids: ["map", [1]] } } } }],
  ["a value that is a number", {
    Bridge: { a: { new: { external_ids: ["map", [["ct-zone-p", 1]]] } } },
  }],
  [
    "too many bridges",
    bridges(Object.fromEntries(Array.from({ length: 1025 }, (_, at) => [at, {}]))),
  ],
];

for (const [what, updates] of BAD) {
  Deno.test(`ZoneRows.update refuses ${what}`, () => {
    assert.throws(() => new ZoneRows().update(updates), OvsdbError);
  });
}

Deno.test("ZoneRows takes any JSON or throws an OvsdbError, and gives no zone twice", () => {
  const pair = fc.tuple(fc.constantFrom("ct-zone-a", "ct-zone-b", "c"), fc.constantFrom("1", "2"));
  const near = fc.dictionary(
    fc.constantFrom("x", "y"),
    fc.record({ new: fc.record({ external_ids: fc.tuple(fc.constant("map"), fc.array(pair)) }) }),
  ).map((rows) => ({ Bridge: rows }));
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.jsonValue(), near)), (updates) => {
      const rows = new ZoneRows();
      for (const update of updates) {
        try {
          rows.update(update);
        } catch (error) {
          assert.ok(error instanceof OvsdbError, String(error));
        }
      }
      const zones = [...rows.zones().values()];
      assert.equal(new Set(zones).size, zones.length);
      assert.ok(zones.every((zone) => Number.isInteger(zone) && zone > 0 && zone < 65_536));
    }),
    { seed: SEED, numRuns: 500 },
  );
});
