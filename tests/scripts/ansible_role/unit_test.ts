import assert from "node:assert/strict";
import { parseUnit } from "../../../scripts/ansible_role/unit.ts";

const UNIT = `[Service]
EnvironmentFile=-/etc/default/program
ExecStart=/opt/bin/program $WORDS
User=somebody
`;

Deno.test("parseUnit reads what the role has to follow", () => {
  assert.deepEqual(parseUnit(UNIT), {
    binary: "/opt/bin/program",
    environmentFile: "/etc/default/program",
    argumentsVariable: "WORDS",
    user: "somebody",
  });
});

Deno.test("parseUnit refuses a unit that it would misread", () => {
  const units: readonly (readonly [string, string])[] = [
    [
      UNIT.replace(" $WORDS", ""),
      "expected ExecStart= with /^(\\/\\S+) \\$(\\w+)$/, found ExecStart=/opt/bin/program",
    ],
    [UNIT.replace("User=", "DynamicUser="), "expected User= with /^(\\w+)$/, found undefined"],
  ];
  for (const [unit, reason] of units) {
    assert.throws(() => parseUnit(unit), {
      name: "SyntaxError",
      message: `Cannot read the unit: ${reason}`,
    });
  }
});
