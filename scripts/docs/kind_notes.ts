import type { KindName } from "../../lib/config/kinds.ts";

/** What an operator is told of a kind of value. */
export interface KindNote {
  /** What is taken: no whole sentence, in Markdown. */
  readonly accepts: string;
  /** Values that are taken; the first is the example of a flag that has none of its own. */
  readonly examples: readonly [string, ...string[]];
  /** Values that end the program with an error. */
  readonly refused: readonly string[];
}

/** Every kind of flag, for the documents; a test holds the examples against the parser. */
export const KIND_NOTES = {
  boolean: {
    accepts:
      "`true`, `false`, `1`, `0`, `t`, `f` and Go's other spellings, behind `=` only; the bare flag is `true`",
    examples: ["true", "false"],
    refused: ["yes", "on", ""],
  },
  count: {
    accepts: "a whole number from 0 to 2^53 - 1, without leading zeros",
    examples: ["0", "20", "1000"],
    refused: ["-1", "1.5", "010", ""],
  },
  decimal: {
    accepts: "a number from 0, with decimals or an exponent where wanted",
    examples: ["2.5", "0", "1e3"],
    refused: ["-1", "10%", "NaN", ""],
  },
  interval: {
    accepts:
      "a duration as in Go from 200 ms to 500 h: numbers with `ms`, `s`, `m` or `h`, one behind the other",
    examples: ["15s", "200ms", "1m30s"],
    refused: ["10", "0", "100ms", "1d"],
  },
  refresh: {
    accepts: "a duration as in Go from 1 s to 500 h",
    examples: ["2h", "30m", "1h30m"],
    refused: ["10", "500ms", "600h"],
  },
  lifetime: {
    accepts: "a duration as in Go from 0",
    examples: ["30s", "0", "2h"],
    refused: ["30", "-1s", "forever"],
  },
  thresholds: {
    accepts:
      "`tier:number` pairs with commas between; `default` is every tier without one; empty is none",
    examples: ["default:500,local:200,ultra:2500", "local:0.5"],
    refused: ["local", "local:fast", "local:1,local:2", "local:-1"],
  },
  listenAddresses: {
    accepts:
      "`host:port`, `:port` or `[IPv6]:port`, several with commas between; a name is looked up",
    examples: ["127.0.0.1:9120,[::1]:9120", ":9120", "node1.example:9120"],
    refused: ["9120", "::1:9120", "300.1.1.1:9120", ":70000"],
  },
  route: {
    accepts: "an absolute path that no other page has",
    examples: ["/instances/metrics"],
    refused: ["metrics", "/", "/-/ready", "/a/../b"],
  },
  uri: {
    accepts: "a connection URI of libvirt",
    examples: ["qemu+unix:///system?socket=/run/libvirt/virtqemud-sock-ro", "test:///default"],
    refused: ["/run/libvirt/libvirt-sock-ro", "qemu", ""],
  },
  url: {
    accepts: "a URL of http or https",
    examples: ["https://mirror.example/list.txt"],
    refused: ["mirror.example/list.txt", "ftp://mirror.example/list.txt", ""],
  },
  path: {
    accepts: "a path of a file or folder; empty is none",
    examples: ["/etc/openstack_instance_exporter/listed.txt", ""],
    refused: ["/etc/a\nb"],
  },
  direction: {
    accepts: "`out`, `in` or `any`; empty is `out`",
    examples: ["any", "in", ""],
    refused: ["both", "OUT"],
  },
  listDirection: {
    accepts: "`out`, `in` or `any`; empty takes `-contacts.direction`",
    examples: ["in", "any", ""],
    refused: ["both", "OUT"],
  },
  ovsDb: {
    accepts: "`auto`, `off` (or empty), or `unix:` and an absolute path",
    examples: ["unix:/run/openvswitch/db.sock", "off"],
    refused: ["/run/openvswitch/db.sock", "tcp:127.0.0.1:6640"],
  },
  instanceFilter: {
    accepts: "a regular expression of RE2, which may match anywhere; empty takes all",
    examples: ["^(alpha|beta)$", "^instance-0000", ""],
    refused: ["(alpha", "(?=alpha)"],
  },
  interfaces: {
    accepts: "names of interfaces with commas between, each exact; empty is `bgp-nic`",
    examples: ["eth0,bond0.100"],
    refused: ["a-name-beyond-15-bytes", "eth0/1"],
  },
  naming: {
    accepts: "`oie`, `prometheus` or `both`",
    examples: ["both"],
    refused: ["openmetrics", ""],
  },
  logLevel: {
    accepts: "`debug`, `info`, `notice` or `error`",
    examples: ["notice"],
    refused: ["warn", "INFO", ""],
  },
  logFormat: {
    accepts: "`logfmt` or `json`",
    examples: ["json"],
    refused: ["text", ""],
  },
} as const satisfies Readonly<Record<KindName, KindNote>>;
