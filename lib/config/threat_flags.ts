import type { FlagRow } from "./flag_row.ts";

const later = { availableLater: "threat intelligence" } as const;
const off = { kind: "boolean", default: "false", ...later } as const;

/** Flags of threat intelligence, in the order of the usage text. */
export const THREAT_FLAGS = [
  {
    group: "Contact direction",
    name: "contacts.direction",
    kind: "direction",
    default: "out",
    help: "Direction of contacts that count, for lists without their own",
    ...later,
  },
  enable("Tor exit", "tor.exit", "Match flows against Tor exit nodes"),
  {
    ...url("Tor exit", "tor.exit.url", "Where the list of Tor exit nodes is fetched"),
    default: "https://onionoo.torproject.org/details?search=flag:exit&fields=or_addresses",
  },
  ...timing("Tor exit", "tor.exit", "1h"),
  enable("Tor relay", "tor.relay", "Match flows against Tor relays"),
  {
    ...url("Tor relay", "tor.relay.url", "Where the list of Tor relays is fetched"),
    default: "https://onionoo.torproject.org/details?search=flag:running&fields=or_addresses",
  },
  ...timing("Tor relay", "tor.relay", "1h"),
  enable("Spamhaus", "spamhaus", "Match flows against Spamhaus DROP"),
  {
    ...url("Spamhaus", "spamhaus.url", "Where the IPv4 list is fetched"),
    default: "https://www.spamhaus.org/drop/drop.txt",
  },
  {
    ...url("Spamhaus", "spamhaus.ipv6.url", "Where the IPv6 list is fetched"),
    default: "https://www.spamhaus.org/drop/dropv6.txt",
  },
  ...timing("Spamhaus", "spamhaus", "6h"),
  enable("EmergingThreats", "emergingthreats", "Match flows against known compromised hosts"),
  {
    ...url("EmergingThreats", "emergingthreats.url", "Where the list is fetched"),
    default: "https://rules.emergingthreats.net/blockrules/compromised-ips.txt",
  },
  ...timing("EmergingThreats", "emergingthreats", "6h"),
  enable("Custom list", "customlist", "Match flows against a file of one's own"),
  {
    group: "Custom list",
    name: "customlist.path",
    kind: "path",
    default: "",
    help: "File of addresses and prefixes, one a line",
    ...later,
  },
  ...timing("Custom list", "customlist", "10m"),
  enable(
    "Threat file and cache",
    "threatfile",
    "Write each contact with a listed address to a file",
  ),
  {
    group: "Threat file and cache",
    name: "threatfile.path",
    kind: "path",
    default: "/var/log/openstack_instance_exporter.threat.log",
    help: "The file of contacts, one JSON object a line",
    ...later,
  },
  {
    group: "Threat file and cache",
    name: "threat.cache.dir",
    kind: "path",
    default: "",
    help: "Folder that keeps the last good lists over a restart; empty keeps none",
    ...later,
  },
  enable("Host threats", "host.threats", "Match this host's own addresses against the lists"),
  {
    group: "Host threats",
    name: "host.ips.allow-private",
    help: "Match private, loopback, link-local and other local addresses too",
    ...off,
  },
  {
    group: "Host threats",
    name: "host.interfaces",
    kind: "interfaces",
    default: "bgp-nic",
    help: "Interfaces whose addresses are matched, by exact name",
    ...later,
  },
] as const satisfies readonly FlagRow[];

function enable<const Part extends string>(group: string, part: Part, help: string) {
  return { group, name: `${part}.enable`, help, switchesOn: true, ...off } as const;
}

function url<const Name extends string>(group: string, name: Name, help: string) {
  return { group, name, kind: "url", help, ...later } as const;
}

/** How often a list is read and which contacts with it count. */
function timing<const List extends string>(group: string, list: List, refresh: string) {
  return [
    {
      group,
      name: `${list}.refresh`,
      kind: "refresh",
      default: refresh,
      help: "Time between two readings of the list, at least 1s",
      ...later,
    },
    {
      group,
      name: `${list}.direction`,
      kind: "listDirection",
      default: "",
      help: "Direction of contacts that count; empty takes -contacts.direction",
      ...later,
    },
  ] as const;
}
