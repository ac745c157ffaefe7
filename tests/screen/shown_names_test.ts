import assert from "node:assert/strict";
import type { NodeSnapshot } from "../../lib/live/node_schema.ts";
import { withShownNames } from "../../lib/screen/shown_names.ts";
import { instance } from "../live_page/snapshots.ts";

const NAMES: readonly (readonly [written: string, shown: string])[] = [
  ["web-0", "web-0"],
  ["Ärzte-Portal 日本", "Ärzte-Portal 日本"],
  ["<b>&amp;</b>", "<b>&amp;</b>"],
  ["\u202egnp.exe", "gnp.exe"],
  ["a\tb\x85c\u2066", "a\ufffdb\ufffdc"],
  ["", ""],
  [" \u00a0 ", ""],
  ["\u200b\u2060\ufeff", ""],
];

Deno.test("withShownNames leaves no text that hides itself or turns what follows around", () => {
  for (const [written, shown] of NAMES) {
    const owner = { uuid: "u-1", name: written };
    const given = instance({
      ...{ uuid: "i-1", name: written, flavor: written },
      ...{ project: owner, user: owner },
    });
    const { instances } = withShownNames({ instances: [given] } as unknown as NodeSnapshot);
    const [{ name, project, user, flavor } = given] = instances;
    assert.deepEqual(
      [name, project, user, flavor],
      [shown, { ...owner, name: shown }, { ...owner, name: shown }, shown],
      JSON.stringify(written),
    );
  }
});
