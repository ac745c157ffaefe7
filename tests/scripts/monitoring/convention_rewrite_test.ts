import assert from "node:assert/strict";
import {
  expressionByConvention,
  textByConvention,
} from "../../../scripts/monitoring/convention_rewrite.ts";

Deno.test("expressionByConvention replaces names, adds labels and keeps units", () => {
  const rewrites: readonly (readonly [string, string])[] = [
    ["time() - up > 120", "time() - up > 120"],
    ["rate(oie_disk_r_requests[5m])", "rate(oie_disk_read_requests_total[5m])"],
    // A name within a string or a recorded name is not a metric.
    ['up{a="oie_cpu_percent"}', 'up{a="oie_cpu_percent"}'],
    ["hypervisor:oie_cpu_percent:max > 1", "hypervisor:oie_cpu_percent:max > 1"],
    ["oie_spamhaus_contact", 'oie_threat_contacts_total{list="spamhaus"}'],
    ["oie_spamhaus_contact{}", 'oie_threat_contacts_total{list="spamhaus"}'],
    [
      'oie_tor_exit_contact{h=~"$h"} unless oie_tor_exit_contact offset 15m',
      'oie_threat_contacts_total{list="tor_exit",h=~"$h"}' +
      ' unless oie_threat_contacts_total{list="tor_exit"} offset 15m',
    ],
    ["oie_cpu_percent > 95", "(oie_cpu_usage_ratio * 100) > 95"],
    ["-(oie_cpu_percent offset 1h)", "-((oie_cpu_usage_ratio offset 1h * 100))"],
    [
      'sum by (h) (rate(oie_net_tx_gbytes{h="a"}[$__rate_interval])) * 2^30',
      'sum by (h) ((rate(oie_net_transmit_bytes_total{h="a"}[$__rate_interval]) / 2^30)) * 2^30',
    ],
    [
      "increase(oie_disk_w_gbytes[1h] offset 1d)",
      "(increase(oie_disk_write_bytes_total[1h] offset 1d) / 2^30)",
    ],
    [
      "quantile_over_time(0.9, oie_cpu_percent[1h])",
      "(quantile_over_time(0.9, oie_cpu_usage_ratio[1h]) * 100)",
    ],
    [
      "max_over_time(oie_cpu_percent[1h:1m])",
      "max_over_time((oie_cpu_usage_ratio * 100)[1h:1m])",
    ],
    ["changes(oie_cpu_percent[1h])", "changes(oie_cpu_usage_ratio[1h])"],
    ['absent(oie_cpu_percent{h="a"})', 'absent(oie_cpu_usage_ratio{h="a"})'],
  ];
  for (const [text, expected] of rewrites) assert.equal(expressionByConvention(text), expected);
});

Deno.test("expressionByConvention refuses what it cannot bring back to the old unit", () => {
  const bad: readonly (readonly [string, string])[] = [
    ["sum(", 'Cannot parse PromQL "sum(": unexpected text at 4'],
    [
      "stdvar_over_time(oie_cpu_percent[1h])",
      'Cannot convert "oie_cpu_percent[1h]" in "stdvar_over_time(oie_cpu_percent[1h])":' +
      ' expected a function that keeps the unit, without "@" or an offset of more',
    ],
    [
      "-oie_cpu_percent offset 1h",
      'Cannot convert "oie_cpu_percent" in "-oie_cpu_percent offset 1h":' +
      ' expected a function that keeps the unit, without "@" or an offset of more',
    ],
    [
      "oie_cpu_percent @ 0",
      'Cannot convert "oie_cpu_percent" in "oie_cpu_percent @ 0":' +
      ' expected a function that keeps the unit, without "@" or an offset of more',
    ],
  ];
  for (const [text, message] of bad) {
    assert.throws(() => expressionByConvention(text), { name: "SyntaxError", message }, text);
  }
});

Deno.test("textByConvention replaces whole names alone", () => {
  assert.equal(
    textByConvention(
      "oie_cpu_percent of {{ $labels.domain }}, my_oie_cpu_percent, a:oie_cpu_percent",
    ),
    "oie_cpu_usage_ratio of {{ $labels.domain }}, my_oie_cpu_percent, a:oie_cpu_percent",
  );
});
