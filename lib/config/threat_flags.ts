import { THREAT_LISTS } from "../threat/lists.ts";
import type { FlagRow } from "./flag_row.ts";
import type { KindName } from "./kinds.ts";

type List = (typeof THREAT_LISTS)[number];
type Source = List["sources"][number];

interface Row<Name extends string, Kind extends KindName> extends FlagRow {
  readonly name: Name;
  readonly kind: Kind;
}

/** The rows that follow from a list. */
type ListFlagRow =
  | Row<`${List["flag"]}.enable`, "boolean">
  | Row<Extract<Source, { kind: "url" }>["flag"], "url">
  | Row<Extract<Source, { kind: "path" }>["flag"], "path">
  | Row<`${List["flag"]}.refresh`, "refresh">
  | Row<`${List["flag"]}.direction`, "listDirection">;

/** Flags of threat intelligence, in the order of the usage text. */
export const THREAT_FLAGS = [
  {
    group: "Contact direction",
    name: "contacts.direction",
    kind: "direction",
    default: "out",
    help: "Direction of contacts that count, for lists without their own",
  },
  ...THREAT_LISTS.flatMap(rowsOf),
  {
    group: "Threat file and cache",
    name: "threatfile.enable",
    kind: "boolean",
    default: "false",
    help: "Write each contact with a listed address to a file",
  },
  {
    group: "Threat file and cache",
    name: "threatfile.path",
    kind: "path",
    default: "/var/log/openstack_instance_exporter.threat.log",
    help: "The file of contacts, one JSON object a line",
  },
  {
    group: "Threat file and cache",
    name: "threat.cache.dir",
    kind: "path",
    default: "",
    help: "Folder that keeps the last good lists over a restart; empty keeps none",
  },
  {
    group: "Host threats",
    name: "host.threats.enable",
    kind: "boolean",
    default: "false",
    help: "Match this host's own addresses against the lists",
  },
  {
    group: "Host threats",
    name: "host.ips.allow-private",
    kind: "boolean",
    default: "false",
    help: "Match private, loopback, link-local and other local addresses too",
  },
  {
    group: "Host threats",
    name: "host.interfaces",
    kind: "interfaces",
    default: "bgp-nic",
    help: "Interfaces whose addresses are matched, by exact name",
  },
] as const satisfies readonly FlagRow[];

function rowsOf({ flag, title, help, refresh, sources }: List): readonly ListFlagRow[] {
  return [
    { group: title, name: `${flag}.enable`, kind: "boolean", default: "false", help },
    ...sources.map((source: Source): ListFlagRow => {
      const row = { group: title, default: source.default, help: source.help };
      return source.kind === "url"
        ? { ...row, name: source.flag, kind: source.kind }
        : { ...row, name: source.flag, kind: source.kind };
    }),
    {
      group: title,
      name: `${flag}.refresh`,
      kind: "refresh",
      default: refresh,
      help: "Time between two readings of the list, at least 1s",
    },
    {
      group: title,
      name: `${flag}.direction`,
      kind: "listDirection",
      default: "",
      help: "Direction of contacts that count; empty takes -contacts.direction",
    },
  ];
}
