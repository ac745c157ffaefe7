import assert from "node:assert/strict";
import { unknownNames } from "./mentioned_names.ts";

const KNOWN = {
  metrics: new Set(["oie_a_total", "oie_b_total", "oie_net_rx", "cloud:oie_a:sum"]),
  flags: new Set(["log.level", "tor.exit.enable", "tor.exit.url", "web.listen-address"]),
  tasks: new Set(["docs", "docs:check"]),
};

const CASES: readonly (readonly [string, readonly string[]])[] = [
  ['rate(oie_a_total{x="y"}[5m]) + `oie_*_total` + oie_[ab]_total + oie_{a,b}_total', []],
  ["`LEVEL:oie_a:sum`, oie_net_.+|up, cloud:oie_a:sum, my_oie_thing, /oie_x", []],
  [
    "oie_c_total oie_{a,c}_total oie_x_* cloud:oie_b:sum oie_[cd]_total",
    [
      "no metric oie_c_total",
      "no metric oie_x_*",
      "no metric cloud:oie_b:sum",
      "no metric oie_[cd]_total",
      "no metric oie_c_total",
    ].sort(),
  ],
  [
    "-log.level=debug, `-tor.exit.*`, -web.listen-address=:1, -NAME.enable, --storage.tsdb.path, x-log.gone, [-log.level]",
    [],
  ],
  ["-log.levels -tor.exit.{url,uri}", ["no flag log.levels", "no flag tor.exit.uri"]],
  ["`deno task docs` deno\ntask docs:check scripts/deno task gone", ["no task gone"]],
];

Deno.test("unknownNames tells what nobody declares, patterns included", () => {
  for (const [text, complaints] of CASES) {
    assert.deepEqual(unknownNames(text, KNOWN).sort(), complaints, text);
  }
});
