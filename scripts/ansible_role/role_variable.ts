/** What every variable of the role begins with. */
export const PREFIX = "openstack_instance_exporter_";

/** Folder of the role, from the root of the repository, with a slash at its end. */
export const ROLE = "packaging/ansible/roles/openstack_instance_exporter/";

/** A variable of the Ansible role, declared once: its default, its check and its documentation follow. */
export interface RoleVariable {
  /** Without {@linkcode PREFIX}. */
  readonly name: string;
  /** As Ansible's argument specification names it. */
  readonly type: "str" | "bool" | "int" | "float" | "dict";
  /** As it stands in `defaults/main.yml`: a YAML scalar or flow collection, strings quoted. */
  readonly default: string;
  /** One sentence without a full stop. */
  readonly description: string;
  readonly choices?: readonly string[];
  /** Whether Ansible keeps its value out of what it prints. */
  readonly isSecret?: true;
  readonly group: string;
}

/** Text as a YAML scalar: JSON's strings are YAML's double-quoted ones. */
export function yamlString(text: string): string {
  return JSON.stringify(text);
}
