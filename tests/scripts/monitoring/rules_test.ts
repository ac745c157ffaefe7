import assert from "node:assert/strict";
import { ALERT_GROUPS } from "../../../scripts/monitoring/alert_rules.ts";
import { rulesByConvention } from "../../../scripts/monitoring/convention_rules.ts";
import { RECORDING_GROUPS } from "../../../scripts/monitoring/recording_rules.ts";
import { RUNBOOKS } from "../../../scripts/monitoring/rules_yaml.ts";
import { REPOSITORY } from "../../../scripts/repository.ts";
import { undeclared } from "./declared.ts";

const ALERTS = ALERT_GROUPS.flatMap(({ rules }) => rules);
const SETS = [
  { set: "oie", recording: RECORDING_GROUPS, alerts: ALERT_GROUPS },
  {
    set: "prometheus",
    recording: rulesByConvention(RECORDING_GROUPS),
    alerts: rulesByConvention(ALERT_GROUPS),
  },
] as const;
const PARTS = ["Meaning", "Impact", "Check", "Mend"];

for (const { set, recording, alerts } of SETS) {
  Deno.test(`recording rules are named level:metric:operation and use declared names, ${set}`, () => {
    for (const { record, expr } of recording.flatMap(({ rules }) => rules)) {
      assert.match(record, /^[a-z_]+:oie_[a-z0-9_]+:[a-z0-9]+$/);
      assert.deepEqual(undeclared(expr, [], set), []);
    }
  });

  Deno.test(`alerts and their texts use declared names, ${set}`, () => {
    for (
      const { expr, summary, description, labels = {} } of alerts.flatMap(({ rules }) => rules)
    ) {
      const mentioned = [...`${summary} ${description}`.matchAll(/\$labels\.(\w+)/g)]
        .map(([, label = ""]) => label)
        .filter((label) => !(label in labels));
      assert.deepEqual(undeclared(expr, mentioned, set), []);
    }
  });
}

Deno.test("undeclared tells what nobody declares", () => {
  assert.deepEqual(undeclared('sum by (x) (oie_cpu_percent{ip="a"} / oie_nothing)', ["list"]), [
    'no label ip of oie_cpu_percent: sum by (x) (oie_cpu_percent{ip="a"} / oie_nothing)',
    'no metric oie_nothing: sum by (x) (oie_cpu_percent{ip="a"} / oie_nothing)',
    'no label x anywhere: sum by (x) (oie_cpu_percent{ip="a"} / oie_nothing)',
    'no label list anywhere: sum by (x) (oie_cpu_percent{ip="a"} / oie_nothing)',
  ]);
});

Deno.test("runbooks have one whole section for each alert, in the order of the rules", async () => {
  const text = await Deno.readTextFile(`${REPOSITORY}/${RUNBOOKS}`);
  const sections = text.split(/^## /m).slice(1);
  const titles = sections.map((section) => section.split("\n", 1)[0]);
  assert.deepEqual(titles, [...new Set(ALERTS.map(({ alert }) => alert))]);
  for (const section of sections) {
    const parts = [...section.matchAll(/^\*\*(\w+)\.\*\* \S/gm)].map(([, part]) => part);
    assert.deepEqual(parts, PARTS, section);
  }
  const anchors = titles.map((title) => title?.toLowerCase());
  for (const [, anchor = ""] of text.matchAll(/\]\(#(\w+)\)/g)) {
    assert.ok(anchors.includes(anchor), anchor);
  }
});
