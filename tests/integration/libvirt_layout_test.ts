import assert from "node:assert/strict";
import { JOB_OPERATIONS } from "../../lib/collectors/job.ts";
import { DOMAIN_STATES } from "../../lib/collectors/domain_states.ts";
import * as layout from "../../ffi/libvirt_layout.ts";

type Numbers = Readonly<Record<string, number>>;

/** Reasons that the header of the oldest libvirt that the tests meet does not have yet. */
const NEWER: ReadonlySet<string> = new Set(["VIR_DOMAIN_PAUSED_API_ERROR"]);

/** Numbers of the layout file by the C expression that must give the same. */
const EXPECTED: Numbers = {
  ...structure("virDomainStatsRecord", layout.StatsRecord),
  ...structure("virTypedParameter", without(layout.TypedParameter, "fieldLength")),
  "VIR_TYPED_PARAM_FIELD_LENGTH": layout.TypedParameter.fieldLength,
  ...constants("VIR_TYPED_PARAM_", layout.TypedParameterType),
  ...structure("virDomainInfo", layout.DomainInfoStruct),
  ...structure("virDomainBlockStatsStruct", layout.BlockStatsStruct),
  ...structure("virDomainInterfaceStatsStruct", layout.InterfaceStatsStruct),
  ...structure("virDomainControlInfo", layout.ControlInfoStruct),
  ...constants("VIR_DOMAIN_CONTROL_", layout.ControlState),
  ...constants("VIR_DOMAIN_JOB_", layout.JobType),
  ...structure("virError", layout.ErrorStruct),
  ...constants("VIR_DOMAIN_STATS_", layout.StatsGroup),
  ...constants("VIR_CONNECT_GET_ALL_DOMAINS_STATS_", layout.StatsFlag),
  ...constants("VIR_CONNECT_LIST_DOMAINS_", layout.ListFlag),
  ...domainStates(),
  ...Object.fromEntries(
    JOB_OPERATIONS.map((name, at) => [`VIR_DOMAIN_JOB_OPERATION_${name.toUpperCase()}`, at]),
  ),
  "VIR_UUID_STRING_BUFLEN": layout.UUID_STRING_LENGTH,
  "sizeof(((virDomainInfo *)0)->state)": 1,
  "sizeof(((virDomainInfo *)0)->nrVirtCpu)": 2,
  "sizeof(((virDomainInfo *)0)->memory)": 8,
  "sizeof(((virDomainStatsRecord *)0)->nparams)": 4,
  "sizeof(((virTypedParameter *)0)->type)": 4,
};

Deno.test("libvirt_layout agrees with the installed headers of libvirt", async () => {
  const expressions = Object.keys(EXPECTED);
  const source = [
    "#include <stdio.h>",
    "#include <stddef.h>",
    "#include <libvirt/libvirt.h>",
    "#include <libvirt/virterror.h>",
    "int main(void) {",
    ...expressions.map((expression) => `  printf("%lld\\n", (long long)(${expression}));`),
    "}",
  ].join("\n");
  const dir = await Deno.makeTempDir();
  try {
    await Deno.writeTextFile(`${dir}/probe.c`, source);
    await run("gcc", ["-o", `${dir}/probe`, `${dir}/probe.c`]);
    const values = (await run(`${dir}/probe`, [])).trim().split("\n").map(Number);
    const found = Object.fromEntries(expressions.map((expression, i) => [expression, values[i]]));
    assert.deepEqual(found, EXPECTED);
  } finally {
    await Deno.remove(dir, { recursive: true });
  }
});

function structure(name: string, members: Numbers): Numbers {
  return Object.fromEntries(
    Object.entries(members).map(([member, value]) => [
      member === "size" ? `sizeof(${name})` : `offsetof(${name}, ${member})`,
      value,
    ]),
  );
}

function domainStates(): Numbers {
  const names = DOMAIN_STATES.flatMap(({ name, reasons }, state) => [
    [`VIR_DOMAIN_${name.toUpperCase()}`, state] as const,
    ...reasons.map((reason, number) =>
      [`VIR_DOMAIN_${name.toUpperCase()}_${reason.toUpperCase()}`, number] as const
    ),
  ]);
  return Object.fromEntries(names.filter(([name]) => !NEWER.has(name)));
}

function constants(prefix: string, values: Numbers): Numbers {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [prefix + name, value]));
}

function without<T extends object>(object: T, key: keyof T): Numbers {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}

async function run(program: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}
