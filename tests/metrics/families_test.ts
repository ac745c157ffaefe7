import assert from "node:assert/strict";
import {
  FAMILIES,
  HOST_FAMILIES,
  INSTANCE_FAMILIES,
  LINT_EXCEPTIONS,
  THREAT_HOST_FAMILIES,
} from "../../lib/metrics/families.ts";
import { COLLECTORS } from "../../lib/collectors/collectors.ts";

Deno.test("FAMILIES have unique names and unique label names", () => {
  const names = FAMILIES.map(({ name }) => name);
  assert.deepEqual(names, [...new Set(names)]);
  for (const { labels } of FAMILIES) assert.deepEqual(labels, [...new Set(labels)]);
});

Deno.test("FAMILIES have names and labels that Prometheus takes, and a help sentence", () => {
  for (const { name, labels, help, exported } of FAMILIES) {
    assert.match(name, /^(oie|process)_[a-z0-9_]+$/);
    for (const label of labels) assert.match(label, /^[a-z][a-z0-9_]*$/);
    assert.match(help, /^[A-Z0-9].*\.$/, name);
    assert.notEqual(exported, "", name);
  }
});

Deno.test("FAMILIES follow the rule of _total but for the specification's exceptions", () => {
  const odd = FAMILIES.filter(({ name, type }) => name.endsWith("_total") !== (type === "counter"));
  for (const { name } of odd) assert.ok(LINT_EXCEPTIONS.includes(name), name);
  assert.equal(LINT_EXCEPTIONS.length, 14);
});

Deno.test("COLLECTORS declare every instance family once, in the page's order", () => {
  const declared = COLLECTORS.flatMap(({ families }) => families);
  assert.deepEqual(
    declared.map(({ name }) => name).toSorted(),
    INSTANCE_FAMILIES.map(({ name }) => name).toSorted(),
  );
});

Deno.test("THREAT_HOST_FAMILIES and the families of contacts have the specification's names", () => {
  const lists = ["tor_exit", "tor_relay", "spamhaus", "emergingthreats", "customlist"];
  const namesOf = (families: typeof FAMILIES) =>
    families.map(({ name, type, labels }) => `${type} ${name} ${labels.join()}`);
  assert.deepEqual(namesOf(THREAT_HOST_FAMILIES), [
    ...lists.flatMap((list) => [
      `gauge oie_${list}_refresh_last_success_timestamp_seconds `,
      `gauge oie_${list}_refresh_duration_seconds `,
      `counter oie_${list}_refresh_errors_total `,
      `gauge oie_${list}_entries `,
    ]),
    "gauge oie_host_threat_listed list,ip,family",
  ]);
  const labels = "domain,instance_uuid,project_uuid,user_uuid,direction";
  assert.deepEqual(
    namesOf(INSTANCE_FAMILIES).filter((name) => name.includes("_contact")),
    lists.flatMap((list) => [
      `gauge oie_${list}_contact_active ${labels}`,
      `counter oie_${list}_contact ${labels}`,
    ]),
  );
});

Deno.test("HOST_FAMILIES and THREAT_HOST_FAMILIES have no series of instances", () => {
  for (const { labels } of [...HOST_FAMILIES, ...THREAT_HOST_FAMILIES]) {
    assert.ok(!labels.includes("instance_uuid"));
  }
});
