import assert from "node:assert/strict";
import fc from "fast-check";
import { COLLECTOR_ROWS } from "../../lib/config/collector_flags.ts";
import type { Config } from "../../lib/config/config.ts";
import { parseDuration } from "../../lib/config/duration.ts";
import { parseFlags } from "../../lib/config/parse_flags.ts";
import { FLAGS } from "../../lib/config/flags.ts";
import { THREAT_LISTS } from "../../lib/threat/lists.ts";
import { usage } from "../../lib/config/usage.ts";
import { UsageError } from "../../lib/config/usage_error.ts";

/** What the rows of the lists say; tests/threat/lists_test.ts holds them to the specification. */
const LIST_DEFAULTS: Readonly<Record<string, unknown>> = Object.fromEntries(
  THREAT_LISTS.flatMap(({ flag, refresh, sources }) => [
    [`${flag}.enable`, false],
    ...sources.map((source) => [source.flag, source.default] as const),
    [`${flag}.refresh`, parseDuration(refresh)],
    [`${flag}.direction`, undefined],
  ]),
);

const COLLECTOR_DEFAULTS: Readonly<Record<string, boolean>> = Object.fromEntries(
  COLLECTOR_ROWS.map((row) => [`collector.${row.name}`, row.default === "true"]),
);

const DEFAULTS = {
  "web.listen-address": [{ hostname: "0.0.0.0", port: 9120 }],
  "web.telemetry-path": "/metrics",
  "web.ui.enable": true,
  "web.history": 3_600_000,
  "web.config.file": "",
  "web.max-connections": 512,
  "web.max-requests": 40,
  "libvirt.uri": "qemu:///system",
  "ovs.db": "auto",
  "collection.interval": 10_000,
  "dynamic.cache.expiration": 10_000,
  "static.cache.expiration": 3_600_000,
  "metrics.names": "oie",
  "instance.filter": "",
  "cpu.min": 10,
  "conntrack.min": 20,
  "default.read.threshold": 100,
  "default.write.threshold": 100,
  "read.thresholds": new Map(),
  "write.thresholds": new Map(),
  "outbound.behavior.enable": false,
  "inbound.behavior.enable": false,
  ...COLLECTOR_DEFAULTS,
  "contacts.direction": "out",
  ...LIST_DEFAULTS,
  "threatfile.enable": false,
  "threatfile.path": "/var/log/openstack_instance_exporter.threat.log",
  "threat.cache.dir": "",
  "host.threats.enable": false,
  "host.ips.allow-private": false,
  "host.interfaces": ["bgp-nic"],
  "log.level": "info",
  "log.format": "logfmt",
  "log.file.enable": false,
  "log.file.path": "/var/log/openstack_instance_exporter.log",
  "version": false,
} as const satisfies Partial<Config>;

/** Arguments to what they change in the defaults. */
const GOOD: readonly (readonly [readonly string[], Partial<Config>])[] = [
  [[], {}],
  [["--"], {}],
  [["-cpu.min=0.5"], { "cpu.min": 0.5 }],
  [["-ovs.db="], { "ovs.db": undefined }],
  [["-ovs.db", "off"], { "ovs.db": undefined }],
  [["-ovs.db=unix:/run/ovs/db.sock"], { "ovs.db": "/run/ovs/db.sock" }],
  [["-cpu.min", "0.5"], { "cpu.min": 0.5 }],
  [["--cpu.min=.5"], { "cpu.min": 0.5 }],
  [["--cpu.min", "1e1"], { "cpu.min": 10 }],
  [["-cpu.min=0"], { "cpu.min": 0 }],
  [["-cpu.min=-0"], { "cpu.min": 0 }],
  [["-cpu.min=1", "-cpu.min=2"], { "cpu.min": 2 }],
  [["-conntrack.min=0"], { "conntrack.min": 0 }],
  [["-outbound.behavior.enable"], { "outbound.behavior.enable": true }],
  [["--outbound.behavior.enable=T"], { "outbound.behavior.enable": true }],
  [["-outbound.behavior.enable", "-outbound.behavior.enable=0"], {}],
  [["-tor.exit.enable", "-tor.exit.enable=false"], {}],
  [["-collector.disk_io=false"], { "collector.disk_io": false }],
  [["-customlist.enable", "-customlist.path=l"], {
    "customlist.enable": true,
    "customlist.path": "l",
  }],
  [["-log.level=notice", "-log.format", "json"], { "log.level": "notice", "log.format": "json" }],
  [["-collection.interval=200ms"], { "collection.interval": 200 }],
  [["-collection.interval", "1m30s"], { "collection.interval": 90_000 }],
  [["-dynamic.cache.expiration=0"], { "dynamic.cache.expiration": 0 }],
  [["-tor.exit.refresh=1s"], { "tor.exit.refresh": 1000 }],
  [["-contacts.direction="], {}],
  [["-contacts.direction=any", "-spamhaus.direction=in"], {
    "contacts.direction": "any",
    "spamhaus.direction": "in",
  }],
  [["-tor.relay.direction=in", "-tor.relay.direction="], {}],
  [["-web.listen-address=:9120"], { "web.listen-address": [{ hostname: "", port: 9120 }] }],
  [["-web.listen-address=[::1]:0,localhost:80"], {
    "web.listen-address": [{ hostname: "::1", port: 0 }, { hostname: "localhost", port: 80 }],
  }],
  [["-web.telemetry-path=/m/x"], { "web.telemetry-path": "/m/x" }],
  [["-instance.filter=^(alpha|beta)$"], { "instance.filter": "^(alpha|beta)$" }],
  [["-web.ui.enable=false"], { "web.ui.enable": false }],
  [["-web.history=0"], { "web.history": 0 }],
  [["-web.history", "90m"], { "web.history": 5_400_000 }],
  [["-metrics.names=both"], { "metrics.names": "both" }],
  [["-web.max-connections=0", "-web.max-requests=1"], {
    "web.max-connections": 0,
    "web.max-requests": 1,
  }],
  [["-libvirt.uri=test:///default"], { "libvirt.uri": "test:///default" }],
  [["-read.thresholds=default:500,local:0.5"], {
    "read.thresholds": new Map([["default", 500], ["local", 0.5]]),
  }],
  [["-write.thresholds", "007:1,1e5:2,a:b:3"], {
    "write.thresholds": new Map([["007", 1], ["1e5", 2], ["a:b", 3]]),
  }],
  [["-read.thresholds="], {}],
  [["-host.interfaces="], {}],
  [["-host.interfaces=bgp-nic, eth1,eth1"], { "host.interfaces": ["bgp-nic", "eth1"] }],
  [["-customlist.path=rel/list.txt"], { "customlist.path": "rel/list.txt" }],
  [["-threatfile.path", "-x"], { "threatfile.path": "-x" }],
  [["-log.file.path="], { "log.file.path": "" }],
];

const STRAY =
  "it belongs to no flag, flags are -name=value and booleans take no value after a blank";

/** Arguments to the whole message. */
const BAD: readonly (readonly [readonly string[], string])[] = [
  [["x"], `Cannot parse argument "x": ${STRAY}`],
  [["-"], `Cannot parse argument "-": ${STRAY}`],
  [[""], `Cannot parse argument "": ${STRAY}`],
  [["--", "-cpu.min=1"], `Cannot parse argument "-cpu.min=1": ${STRAY}`],
  [["-outbound.behavior.enable", "true"], `Cannot parse argument "true": ${STRAY}`],
  [["x", "-h"], `Cannot parse argument "x": ${STRAY}`],
  ...["tcp:127.0.0.1:6640", "/run/db.sock", "unix:db.sock", "unix:/run/", "on"].map((text) =>
    [
      [`-ovs.db=${text}`],
      `Cannot parse flag -ovs.db: "${text}" is not auto, off, or a socket such as unix:/run/db.sock`,
    ] as const
  ),
  [["---cpu.min=1"], 'Cannot parse flag "---cpu.min=1": it has no name, see -h'],
  [["-=1"], 'Cannot parse flag "-=1": it has no name, see -h'],
  [["--=1"], 'Cannot parse flag "--=1": it has no name, see -h'],
  [["-cpu.max=1"], "Cannot parse flag -cpu.max: there is no such flag, see -h"],
  [["-CPU.min=1"], "Cannot parse flag -CPU.min: there is no such flag, see -h"],
  [["-a\nb"], 'Cannot parse flag "-a\\nb": there is no such flag, see -h'],
  [["-constructor"], "Cannot parse flag -constructor: there is no such flag, see -h"],
  [["-cpu.min"], "Cannot parse flag -cpu.min: it needs a value, none follows"],
  [["-cpu.min="], 'Cannot parse flag -cpu.min: "" is not a number such as 10 or 0.5'],
  [["-cpu.min=x"], 'Cannot parse flag -cpu.min: "x" is not a number such as 10 or 0.5'],
  [["-cpu.min=NaN"], 'Cannot parse flag -cpu.min: "NaN" is not a number such as 10 or 0.5'],
  [["-cpu.min", "-1"], 'Cannot parse flag -cpu.min: "-1" is below 0'],
  [["-cpu.min=1e999"], 'Cannot parse flag -cpu.min: "1e999" is too large'],
  [
    ["-conntrack.min="],
    'Cannot parse flag -conntrack.min: "" is not a whole number such as 0 or 20',
  ],
  [
    ["-conntrack.min=1.5"],
    'Cannot parse flag -conntrack.min: "1.5" is not a whole number such as 0 or 20',
  ],
  [
    ["-conntrack.min=-1"],
    'Cannot parse flag -conntrack.min: "-1" is not a whole number such as 0 or 20',
  ],
  [
    ["-conntrack.min=010"],
    'Cannot parse flag -conntrack.min: "010" is not a whole number such as 0 or 20',
  ],
  [
    ["-conntrack.min=99999999999999999"],
    'Cannot parse flag -conntrack.min: "99999999999999999" is too large',
  ],
  [
    ["-outbound.behavior.enable=yes"],
    'Cannot parse flag -outbound.behavior.enable: "yes" is not true or false',
  ],
  [
    ["-outbound.behavior.enable="],
    'Cannot parse flag -outbound.behavior.enable: "" is not true or false',
  ],
  [
    ["-collection.interval=10"],
    'Cannot parse flag -collection.interval: "10" is not a duration such as 300ms, 10s or 1h30m',
  ],
  [
    ["-collection.interval=0"],
    'Cannot parse flag -collection.interval: "0" is not between 200ms and 500h',
  ],
  [
    ["-collection.interval=-10s"],
    'Cannot parse flag -collection.interval: "-10s" is not between 200ms and 500h',
  ],
  [
    ["-collection.interval=199ms"],
    'Cannot parse flag -collection.interval: "199ms" is not between 200ms and 500h',
  ],
  [
    ["-collection.interval=501h"],
    'Cannot parse flag -collection.interval: "501h" is not between 200ms and 500h',
  ],
  [
    ["-spamhaus.refresh=999ms"],
    'Cannot parse flag -spamhaus.refresh: "999ms" is not between 1s and 500h',
  ],
  [
    ["-static.cache.expiration=-1s"],
    'Cannot parse flag -static.cache.expiration: "-1s" is below 0',
  ],
  [["-log.level="], 'Cannot parse flag -log.level: "" is not one of error, notice, info, debug'],
  [
    ["-log.level=INFO"],
    'Cannot parse flag -log.level: "INFO" is not one of error, notice, info, debug',
  ],
  [["-log.format=xml"], 'Cannot parse flag -log.format: "xml" is not one of logfmt, json'],
  [
    ["-contacts.direction=both"],
    'Cannot parse flag -contacts.direction: "both" is not out, in or any',
  ],
  [
    ["-tor.exit.url="],
    'Cannot parse flag -tor.exit.url: "" is not a URL such as https://host/list.txt',
  ],
  [
    ["-tor.exit.url=ftp://host/x"],
    'Cannot parse flag -tor.exit.url: "ftp://host/x" is not a URL such as https://host/list.txt',
  ],
  [
    ["-spamhaus.ipv6.url=https://"],
    'Cannot parse flag -spamhaus.ipv6.url: "https://" is not a URL such as https://host/list.txt',
  ],
  [
    ["-instance.filter=a("],
    'Cannot parse flag -instance.filter: "a(" is not a regular expression: "missing closing ): `a(`"',
  ],
  [
    ["-instance.filter=(a)\\1"],
    'Cannot parse flag -instance.filter: "(a)\\\\1" is not a regular expression: "invalid escape sequence: `\\\\1`"',
  ],
  [
    ["-metrics.names=go"],
    'Cannot parse flag -metrics.names: "go" is not one of oie, prometheus, both',
  ],
  [
    ["-libvirt.uri="],
    'Cannot parse flag -libvirt.uri: "" is not a URI such as qemu:///system',
  ],
  [
    ["-web.telemetry-path=metrics"],
    'Cannot parse flag -web.telemetry-path: "metrics" is not a path such as /metrics',
  ],
  [
    ["-web.telemetry-path=/a/../b"],
    'Cannot parse flag -web.telemetry-path: "/a/../b" is not a path such as /metrics',
  ],
  [
    ["-web.telemetry-path=/m?x"],
    'Cannot parse flag -web.telemetry-path: "/m?x" is not a path such as /metrics',
  ],
  [
    ["-web.telemetry-path=/"],
    'Cannot parse flag -web.telemetry-path: "/" is the path of another page',
  ],
  [
    ["-web.telemetry-path=/-/ready"],
    'Cannot parse flag -web.telemetry-path: "/-/ready" is the path of another page',
  ],
  [
    ["-web.telemetry-path=/api/metrics"],
    'Cannot parse flag -web.telemetry-path: "/api/metrics" is the path of another page',
  ],
  ...["", "9120", "::1:80", "[::1]", "[1.2.3.4]:80", "300.1.1.1:80", "a b:1", "h:", "[fe80::1%e]:1"]
    .map((text) =>
      [
        [`-web.listen-address=${text}`],
        `Cannot parse flag -web.listen-address: "${text}" is not host:port, :port or [::1]:port`,
      ] as const
    ),
  [
    ["-web.listen-address=:65536"],
    'Cannot parse flag -web.listen-address: ":65536" has a port above 65535',
  ],
  ...["local", ":5", "a:1,", "a=1"].map((text) =>
    [
      [`-read.thresholds=${text}`],
      `Cannot parse flag -read.thresholds: "${
        text === "a:1," ? "" : text
      }" is not tier:number, such as local:200`,
    ] as const
  ),
  [
    ["-read.thresholds=a:1,local:x"],
    'Cannot parse flag -read.thresholds: "local:x" is not tier:number, such as local:200: ' +
    '"x" is not a number',
  ],
  [
    ["-read.thresholds=local:-1"],
    'Cannot parse flag -read.thresholds: "local:-1" is not tier:number, such as local:200: ' +
    '"-1" is below 0',
  ],
  [
    ["-write.thresholds=a:1,a:2"],
    'Cannot parse flag -write.thresholds: "a:2" sets tier "a" a second time',
  ],
  [
    ["-host.interfaces=eth0,"],
    'Cannot parse flag -host.interfaces: "" is not the name of an interface such as eth1',
  ],
  [
    ["-host.interfaces=abcdefghijklmnop"],
    'Cannot parse flag -host.interfaces: "abcdefghijklmnop" is not the name of an interface such as eth1',
  ],
  [
    ["-log.file.path=a\0b"],
    'Cannot parse flag -log.file.path: "a\\u0000b" is not a path: it has control bytes',
  ],
  [
    ["-log.file.enable", "-log.file.path="],
    "Cannot use flag -log.file.enable: -log.file.path is empty",
  ],
  [
    ["-customlist.enable"],
    "Cannot use flag -customlist.enable: -customlist.path is empty",
  ],
  [
    ["-threatfile.enable", "-threatfile.path="],
    "Cannot use flag -threatfile.enable: -threatfile.path is empty",
  ],
];

Deno.test("parseFlags reads good arguments", async (t) => {
  for (const [args, change] of GOOD) {
    await t.step(JSON.stringify(args), () => {
      const expected = { action: "run", config: { ...DEFAULTS, ...change } };
      assert.deepEqual(parseFlags(args), expected);
    });
  }
});

Deno.test("parseFlags names flag, value and form of bad arguments", async (t) => {
  for (const [args, message] of BAD) {
    await t.step(JSON.stringify(args), () => {
      assert.throws(() => parseFlags(args), { name: "UsageError", message });
    });
  }
});

Deno.test("parseFlags answers help and version where Go does", () => {
  const help = { action: "help", text: usage() };
  for (const args of [["-h"], ["--help"], ["-h=x"], ["-cpu.min=1", "-h", "-bogus"]]) {
    assert.deepEqual(parseFlags(args), help);
  }
  assert.deepEqual(parseFlags(["-version", "-tor.exit.enable"]), { action: "version" });
  assert.deepEqual(parseFlags(["-version=false"]), { action: "run", config: DEFAULTS });
  assert.throws(() => parseFlags(["-version", "x"]), UsageError);
});

Deno.test("parseFlags gives settings that can be posted to a worker", () => {
  const command = parseFlags(["-read.thresholds=a:1"]);
  assert.deepEqual(structuredClone(command), command);
});

Deno.test("parseFlags throws nothing but a UsageError of one line", () => {
  const name = fc.constantFrom(...FLAGS.map((row) => `-${row.name}`));
  const argument = fc.oneof(
    fc.string({ unit: "binary" }),
    name,
    fc.tuple(name, fc.string({ unit: "binary" })).map(([flag, text]) => `${flag}=${text}`),
  );
  fc.assert(
    fc.property(fc.array(argument, { maxLength: 4 }), (args) => {
      try {
        parseFlags(args);
      } catch (error) {
        assert.ok(error instanceof UsageError, String(error));
        assert.match(error.message, /^Cannot (parse|use) [^\n\r]+$/);
      }
    }),
    { seed: 3, numRuns: 2000 },
  );
});
