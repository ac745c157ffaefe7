import assert from "node:assert/strict";
import { ALERT_GROUPS } from "../../scripts/monitoring/alert_rules.ts";
import { RECORDING_GROUPS } from "../../scripts/monitoring/recording_rules.ts";
import { RUNBOOKS } from "../../scripts/monitoring/rules_yaml.ts";
import { REPOSITORY } from "../../scripts/repository.ts";
import { pageBlock } from "../page_block.ts";
import { ALERT_CASES, type AlertCase } from "./alert_cases.ts";
import { caseByConvention } from "./convention_cases.ts";

const PACKAGING = `${REPOSITORY}/packaging/prometheus`;

/** The packaged rules, for either naming, and the cases in its names. */
const SETS = [
  { set: "oie", folder: PACKAGING, cases: ALERT_CASES },
  {
    set: "prometheus",
    folder: `${PACKAGING}/prometheus-names`,
    cases: ALERT_CASES.map(caseByConvention),
  },
] as const;

function ruleFiles(folder: string): readonly string[] {
  return ["recording", "alerts"].map((name) => `${folder}/${name}.rules.yml`);
}

/** What promtool says, and whether it is content. */
async function promtool(...args: readonly string[]): Promise<{ ok: boolean; text: string }> {
  const { success, stdout, stderr } = await new Deno.Command("promtool", {
    args: [...args],
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { ok: success, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** A case in promtool's own form. */
function unitTest({ alert, series, at, firing }: AlertCase) {
  const runbook_url = `${RUNBOOKS}#${alert.toLowerCase()}`;
  const expected = firing && {
    exp_labels: firing.labels,
    exp_annotations: {
      summary: firing.summary,
      description: firing.description,
      runbook_url,
    },
  };
  return {
    name: alert,
    interval: "1m",
    input_series: Object.entries(series).map(([name, values]) => ({ series: name, values })),
    alert_rule_test: [{
      eval_time: at,
      alertname: alert,
      exp_alerts: expected === undefined ? [] : [expected],
    }],
  };
}

async function testRules(
  folder: string,
  cases: readonly AlertCase[],
): Promise<{ ok: boolean; text: string }> {
  const file = await Deno.makeTempFile({ prefix: "oie-rules-", suffix: ".json" });
  try {
    // JSON is YAML.
    const tests = cases.map(unitTest);
    const all = {
      rule_files: ruleFiles(folder),
      // Else promtool evaluates groups in any order, and an alert sees what was recorded before.
      group_eval_order: [...RECORDING_GROUPS, ...ALERT_GROUPS].map(({ name }) => name),
      evaluation_interval: "1m",
      tests,
    };
    await Deno.writeTextFile(file, JSON.stringify(all));
    return await promtool("test", "rules", file);
  } finally {
    await Deno.remove(file);
  }
}

for (const { set, folder, cases } of SETS) {
  Deno.test(`promtool finds nothing to complain of in the rules, ${set}`, async () => {
    const { ok, text } = await promtool("check", "rules", ...ruleFiles(folder));
    assert.ok(ok && !/duplicate/.test(text), text);
  });

  Deno.test(`alerts fire with their whole text, and stay quiet close by, ${set}`, async () => {
    const { ok, text } = await testRules(folder, cases);
    assert.ok(ok, text);
    // It would have said so.
    const [first] = cases.filter(({ firing }) => firing !== undefined);
    const { firing: _firing, ...quiet } = first ?? assert.fail("there is no case");
    assert.equal((await testRules(folder, [quiet])).ok, false);
  });
}

Deno.test("alert cases have each alert, firing and quiet", () => {
  const alerts = ALERT_GROUPS.flatMap(({ rules }) => rules.map(({ alert }) => alert));
  for (const fires of [true, false]) {
    const covered = ALERT_CASES.filter(({ firing }) => (firing !== undefined) === fires);
    const names = new Set(covered.map(({ alert }) => alert));
    assert.deepEqual([...names].sort(), [...new Set(alerts)].sort(), `firing: ${fires}`);
  }
});

Deno.test("promtool accepts the example configurations", async () => {
  const folder = await Deno.makeTempDir({ prefix: "oie-prometheus-" });
  try {
    await new Deno.Command("cp", { args: ["-r", `${PACKAGING}/.`, folder] }).output();
    // What the operator brings along.
    for (const file of ["ca.pem", "password"]) await Deno.writeTextFile(`${folder}/${file}`, "");
    const secondJob = await pageBlock("prometheus.md", "A second job", "yaml");
    await Deno.writeTextFile(`${folder}/prometheus.second-job.yml`, secondJob);
    for (const name of ["prometheus.yml", "prometheus.tls.yml", "prometheus.second-job.yml"]) {
      const { ok, text } = await promtool("check", "config", `${folder}/${name}`);
      assert.ok(ok && /SUCCESS: .*prometheus.*yml is valid/.test(text), text);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
