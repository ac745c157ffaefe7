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

Deno.test("ZoneRows skips what is no zone", () => {
  const rows = new ZoneRows();
  const texts = ["0", "65536", "-1", "1.5", "", "0x7", " 7", "999999999999", "seven", "65535"];
  rows.update(
    bridges({ "row-1": Object.fromEntries(texts.map((text, at) => [`ct-zone-${at}`, text])) }),
  );
  assert.deepEqual([...rows.zones()], [["9", 65_535]]);
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
