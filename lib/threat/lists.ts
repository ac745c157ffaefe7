/** How the text of a list is read; see `parserOf`. */
export type ListFormat = "plain" | "drop" | "onionoo";

/** One place that a list is read from: the flag that says where, its default and its help. */
export interface ListSource {
  /** `url` is fetched over HTTP, `path` is a local file. */
  readonly kind: "url" | "path";
  readonly flag: string;
  /** As an operator would write it; empty for none. */
  readonly default: string;
  readonly help: string;
}

/** One threat list: its flags, families, parser and refreshing all follow from this row. */
export interface ThreatList {
  /** As it is called in metrics and in the threat file. */
  readonly name: string;
  /** What its flags begin with. */
  readonly flag: string;
  /** As it is called in the usage text. */
  readonly title: string;
  /** Help of the flag that switches it on. */
  readonly help: string;
  readonly format: ListFormat;
  /** Default time between two readings, as an operator would write it. */
  readonly refresh: string;
  readonly sources: readonly ListSource[];
}

/**
 * Every threat list. The position of a row is the number of its bit in the masks of a
 * {@linkcode ThreatIndexData}, which have room for seven.
 */
export const THREAT_LISTS = [
  {
    name: "tor_exit",
    flag: "tor.exit",
    title: "Tor exit",
    help: "Match flows against Tor exit nodes",
    format: "onionoo",
    refresh: "1h",
    sources: [{
      kind: "url",
      flag: "tor.exit.url",
      default: "https://onionoo.torproject.org/details?search=flag:exit&fields=or_addresses",
      help: "Where the list of Tor exit nodes is fetched",
    }],
  },
  {
    name: "tor_relay",
    flag: "tor.relay",
    title: "Tor relay",
    help: "Match flows against Tor relays",
    format: "onionoo",
    refresh: "1h",
    sources: [{
      kind: "url",
      flag: "tor.relay.url",
      default: "https://onionoo.torproject.org/details?search=flag:running&fields=or_addresses",
      help: "Where the list of Tor relays is fetched",
    }],
  },
  {
    name: "spamhaus",
    flag: "spamhaus",
    title: "Spamhaus",
    help: "Match flows against Spamhaus DROP",
    format: "drop",
    refresh: "6h",
    sources: [
      {
        kind: "url",
        flag: "spamhaus.url",
        default: "https://www.spamhaus.org/drop/drop.txt",
        help: "Where the IPv4 list is fetched",
      },
      {
        kind: "url",
        flag: "spamhaus.ipv6.url",
        default: "https://www.spamhaus.org/drop/dropv6.txt",
        help: "Where the IPv6 list is fetched",
      },
    ],
  },
  {
    name: "emergingthreats",
    flag: "emergingthreats",
    title: "EmergingThreats",
    help: "Match flows against known compromised hosts",
    format: "plain",
    refresh: "6h",
    sources: [{
      kind: "url",
      flag: "emergingthreats.url",
      default: "https://rules.emergingthreats.net/blockrules/compromised-ips.txt",
      help: "Where the list is fetched",
    }],
  },
  {
    name: "customlist",
    flag: "customlist",
    title: "Custom list",
    help: "Match flows against a file of one's own",
    format: "plain",
    refresh: "10m",
    sources: [{
      kind: "path",
      flag: "customlist.path",
      default: "",
      help: "File of addresses and prefixes, one a line",
    }],
  },
] as const satisfies readonly ThreatList[];

/** Name of a list, as in metrics. */
export type ThreatListName = (typeof THREAT_LISTS)[number]["name"];
