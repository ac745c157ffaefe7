import assert from "node:assert/strict";
import fc from "fast-check";
import { MARKS } from "../../lib/live/node_schema.ts";
import {
  DEFAULT_STATE,
  formatState,
  type PageState,
  parseState,
} from "../../lib/live_page/page_state.ts";

const UUID = "c7ac1491-def8-4334-a647-cb8f74e69a5d";

Deno.test("parseState reads what links have, and takes nothing else over", () => {
  const rows: readonly (readonly [string, Partial<PageState>])[] = [
    ["", {}],
    ["#", {}],
    ["#/", {}],
    ["#/node", { open: { kind: "node" } }],
    [`#/instance/${UUID}`, { open: { kind: "instance", uuid: UUID } }],
    [`#/instance/${UUID.toUpperCase()}`, { open: { kind: "instance", uuid: UUID } }],
    ["#/instance/", {}],
    ["#/instance/a/b", {}],
    ["#/instance/<img>", {}],
    [`#/instance/${UUID}x`, {}],
    ["#/instance/%", {}],
    ["#/elsewhere?q=x", { text: "x" }],
    ["#/?q=a+b&project=p&mark=threat&sort=name", {
      text: "a b",
      project: "p",
      mark: "threat",
      sort: { column: "name", descending: false },
    }],
    ["#/?mark=any&sort=-flows", { mark: "any", sort: { column: "flows", descending: true } }],
    ["#/?mark=bogus&sort=constructor", {}],
    ["#/?sort=-__proto__", {}],
  ];
  for (const [hash, change] of rows) {
    assert.deepEqual(parseState(hash), { ...DEFAULT_STATE, ...change }, hash);
  }
  assert.equal(formatState(DEFAULT_STATE), "#/");
});

Deno.test("parseState reads what formatState wrote, whatever the text", () => {
  const state: fc.Arbitrary<PageState> = fc.record({
    open: fc.oneof(
      fc.constant({ kind: "nothing" as const }),
      fc.constant({ kind: "node" as const }),
      fc.uuid().map((uuid) => ({ kind: "instance" as const, uuid })),
    ),
    text: fc.string({ unit: "grapheme" }),
    project: fc.string(),
    mark: fc.constantFrom(undefined, "any" as const, ...MARKS),
    sort: fc.record({
      column: fc.constantFrom("name" as const, "cpu" as const, "contacts" as const),
      descending: fc.boolean(),
    }, { noNullPrototype: true }),
  }, { noNullPrototype: true });
  fc.assert(
    fc.property(state, (given) => assert.deepEqual(parseState(formatState(given)), given)),
    { seed: 8, numRuns: 500 },
  );
});

Deno.test("parseState throws for no text", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      parseState(`#${text}`);
      parseState(`#/instance/${text}`);
    }),
    { seed: 8, numRuns: 1000 },
  );
});
