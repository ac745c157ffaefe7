import { PREFIX, type RoleVariable, yamlString } from "./role_variable.ts";

/** Variables of the role that are no flags of the program; `version` is that of this release. */
export function ownVariables(version: string): readonly RoleVariable[] {
  return [
    {
      group: "Installation",
      name: "state",
      type: "str",
      default: "present",
      choices: ["present", "absent"],
      description: "absent removes the exporter, its user, settings, logs and caches",
    },
    {
      group: "Installation",
      name: "version",
      type: "str",
      default: yamlString(version),
      description: "Release to install, without a leading v",
    },
    {
      group: "Installation",
      name: "release_url",
      type: "str",
      default: `""`,
      description:
        "Folder with the files of the release; the controller fetches the archive from it",
    },
    {
      group: "Installation",
      name: "checksum",
      type: "str",
      default: yamlString(`sha256:{{ ${PREFIX}release_url }}/sha256sums.txt`),
      description: "Of the archive in release_url: sha256: and 64 hex digits, or the URL of a list",
    },
    {
      group: "Installation",
      name: "local_path",
      type: "str",
      default: `""`,
      description: "Archive (.tar.gz) or binary on the controller, instead of release_url",
    },
    {
      group: "Installation",
      name: "local_cache_path",
      type: "str",
      default: yamlString("{{ lookup('ansible.builtin.env', 'HOME') }}/.cache/oie_releases"),
      description: "Folder on the controller for fetched and unpacked archives",
    },
    {
      group: "Service",
      name: "service_overrides",
      type: "dict",
      default: "{}",
      description:
        "Settings of the unit's section Service, such as SupplementaryGroups; a list repeats one",
    },
    {
      group: "Web config",
      name: "tls_server_config",
      type: "dict",
      default: "{}",
      description: "TLS as exporter-toolkit has it: cert_file and key_file on the node",
    },
    {
      group: "Web config",
      name: "http_server_config",
      type: "dict",
      default: "{}",
      description: "Headers of every answer as exporter-toolkit has them",
    },
    {
      group: "Web config",
      name: "basic_auth_users",
      type: "dict",
      default: "{}",
      description: "Users with their passwords' bcrypt hashes; none lets everybody in",
      isSecret: true,
    },
    {
      group: "Files",
      name: "customlist_src",
      type: "str",
      default: `""`,
      description:
        "Custom list on the controller; it switches the list on, and a new one reloads it",
    },
    {
      group: "Kernel",
      name: "conntrack_acct",
      type: "bool",
      default: "false",
      description: "Let the kernel count bytes and packets of new flows, now and after a boot",
    },
  ];
}
