import assert from "node:assert/strict";
import { FLAGS } from "../../../lib/config/flags.ts";
import { flagVariables } from "../../../scripts/ansible_role/flag_variables.ts";
import { ownVariables } from "../../../scripts/ansible_role/own_variables.ts";

function variable(name: string) {
  const { group: _, description: __, ...rest } =
    flagVariables().find((each) => each.name === name) ??
      assert.fail(`there is no ${name}`);
  return rest;
}

Deno.test("flagVariables makes one variable of each flag that is a setting", () => {
  const flags = flagVariables().map(({ defaultArgument }) => defaultArgument);
  assert.deepEqual(
    flags,
    FLAGS.filter(({ name }) => name !== "version").map((row) => `-${row.name}=${row.default}`),
  );
});

Deno.test("flagVariables and ownVariables share no name", () => {
  const names = [...flagVariables(), ...ownVariables("1.2.3")].map(({ name }) => name);
  assert.deepEqual(names.filter((name, at) => names.indexOf(name) < at), []);
});

Deno.test("flagVariables takes types, choices and defaults from the kind and the row", () => {
  assert.deepEqual(variable("cpu_min"), {
    name: "cpu_min",
    type: "float",
    default: "10.0",
    argument: "-cpu.min={{ openstack_instance_exporter_cpu_min }}",
    defaultArgument: "-cpu.min=10.0",
  });
  assert.deepEqual(variable("outbound_behavior_enable"), {
    name: "outbound_behavior_enable",
    type: "bool",
    default: "false",
    argument: "-outbound.behavior.enable={{ " +
      "openstack_instance_exporter_outbound_behavior_enable | bool | lower }}",
    defaultArgument: "-outbound.behavior.enable=false",
  });
  assert.deepEqual(variable("tor_exit_direction"), {
    name: "tor_exit_direction",
    type: "str",
    choices: ["", "out", "in", "any"],
    default: '""',
    argument: "-tor.exit.direction={{ openstack_instance_exporter_tor_exit_direction }}",
    defaultArgument: "-tor.exit.direction=",
  });
});

Deno.test("flagVariables gives the path of what is off no place on the command line", () => {
  assert.deepEqual(variable("log_file_path"), {
    name: "log_file_path",
    type: "str",
    default: '"/var/log/openstack_instance_exporter/exporter.log"',
    argument: "-log.file.path={{ (openstack_instance_exporter_log_file_enable | bool) | ternary(" +
      "openstack_instance_exporter_log_file_path, '/var/log/openstack_instance_exporter.log') }}",
    defaultArgument: "-log.file.path=/var/log/openstack_instance_exporter.log",
  });
});
