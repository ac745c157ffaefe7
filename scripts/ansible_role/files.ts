import config from "../../deno.json" with { type: "json" };
import { replaceSection } from "../replace_section.ts";
import {
  collectionManifest,
  roleArgumentSpecs,
  roleDefaults,
  roleFlags,
  roleUnitFacts,
  variablesMarkdown,
} from "./documents.ts";
import { ROLE } from "./role_variable.ts";

const UNIT = new URL(
  "../../packaging/systemd/openstack_instance_exporter.service",
  import.meta.url,
);

/** The collection for Ansible: what writes each file from its current text, by its path in the repository. */
export const ANSIBLE_FILES = {
  [`${ROLE}defaults/main.yml`]: () => roleDefaults(config.version),
  [`${ROLE}meta/argument_specs.yml`]: () => roleArgumentSpecs(config.version),
  [`${ROLE}vars/main/flags.yml`]: roleFlags,
  [`${ROLE}vars/main/unit.yml`]: () => roleUnitFacts(Deno.readTextFileSync(UNIT)),
  "packaging/ansible/galaxy.yml": (current) => collectionManifest(current, config.version),
  "packaging/ansible/README.md": (current) =>
    replaceSection(current, "variables", variablesMarkdown(config.version)),
} as const satisfies Readonly<Record<string, (current: string) => string>>;
