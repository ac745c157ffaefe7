import assert from "node:assert/strict";
import { plainLine } from "../../lib/screen/ansi.ts";
import { wholeTable } from "../../lib/screen/screen.ts";
import { after, BUSY, instance, press, seen, showing, snapshot } from "./snapshots.ts";

const WIDE = instance(4, {
  name: "東京タワー",
  cpu_percent: 5,
  project: { uuid: "p-2", name: "Ärzte-Portal" },
});
const UNKNOWN = instance(3, { cpu_percent: null, name: "", project: { uuid: "", name: "" } });
const NODE = snapshot([instance(2), BUSY, UNKNOWN, WIDE]);

Deno.test("screen shows the host, the instances in order and the keys", () => {
  assert.equal(
    seen(showing(NODE)),
    `\
compute-17  data 3 s old  every 10 s  cycle took 123 ms  exporter 1.2.3
libvirt up  conntrack 4.7 % of 262,144  instances 4  vCPUs 12  memory 16.0Gi
lists off

!     CPU% R B/s W B/s REQ/s RX b/s TX b/s FLOWS  HITS NAME             PROJECT
R  T  98.8 12.3M   999   500  1.23G  1.00M 12.0k     3 web-0            alpha
       5.0     0     0     0      0      0     -     - 東京タワー       Ärzte-P…
       0.0     0     0     0      0      0     -     - vm-2             alpha
         -     0     0     0      0      0     -     - instance-000000…




Enter open  / filter  ? help  q quit                          4 instances by CPU`,
  );
});

Deno.test("screen gives a wide terminal more columns, and a low one more instances", () => {
  assert.equal(
    seen(showing(NODE, { size: { columns: 130, rows: 9 } })),
    `\
compute-17  data 3 s old  every 10 s  cycle took 123 ms  exporter 1.2.3

!     CPU% VCPU    MEM R B/s W B/s REQ/s RX b/s TX b/s FLOWS  HITS NAME              PROJECT      DOMAIN
R  T  98.8    2 2.00Gi 12.3M   999   500  1.23G  1.00M 12.0k     3 web-0             alpha        instance-00000001
       5.0    2 2.00Gi     0     0     0      0      0     -     - 東京タワー        Ärzte-Portal instance-00000004
       0.0    2 2.00Gi     0     0     0      0      0     -     - vm-2              alpha        instance-00000002
         -    2 2.00Gi     0     0     0      0      0     -     - instance-00000003              instance-00000003

Enter open  / filter  ? help  q quit                                                                            4 instances by CPU`,
  );
  assert.equal(
    seen(showing(NODE, { size: { columns: 30, rows: 7 } })),
    `\
compute-17  data 3 s old  eve…

!     CPU% FLOWS NAME
R  T  98.8 12.0k web-0
       5.0     - 東京タワー
       0.0     - vm-2
… 1 to 3 of 4 instances by CPU`,
  );
});

Deno.test("screen says what is wrong with the data, the worst thing first", () => {
  const line = (state = showing(NODE)) => seen(state).split("\n")[3];
  assert.equal(line(), "");
  const listed = { list: "spamhaus", ip: "192.0.2.1", family: "ipv4" } as const;
  const host = showing({
    ...NODE,
    listed_host_addresses: [listed, { ...listed, list: "tor_exit" }],
  });
  assert.equal(
    line(host),
    "This host itself is on a list: 192.0.2.1 on spamhaus, and 1 more.",
  );
  const late = after(host, { kind: "tick", nowMs: 20_000 });
  assert.equal(line(late), "The data is 23 s old: the next cycle is late.");
  const down = showing({ ...NODE, libvirt: { ...NODE.libvirt, up: false } });
  assert.equal(line(down), "libvirt does not answer the exporter: this is what was.");
  const gone = showing({ ...NODE, instances: [], libvirt: { ...NODE.libvirt, up: false } });
  assert.equal(line(gone), "libvirt does not answer the exporter: what it had is too old to show.");
  const none = after(showing(NODE), {
    kind: "snapshot",
    reception: { snapshot: NODE, ageMs: undefined, atMs: 0 },
  });
  assert.equal(line(none), "No cycle was complete yet.");
  const silent = after(
    down,
    { kind: "trouble", reason: "connection refused", nowMs: 5000 },
    { kind: "trouble", reason: "it is too busy (status 503)", nowMs: 7000 },
    { kind: "tick", nowMs: 70_000 },
  );
  assert.equal(line(silent), "No answer for 1 min 5 s: it is too busy (status 503). Asking again.");
  const back = after(silent, {
    kind: "snapshot",
    reception: { snapshot: NODE, ageMs: 1000, atMs: 71_000 },
  });
  assert.equal(line(back), "");
});

Deno.test("screen shows lists, failed collectors, a full table and what could not be read", () => {
  const feed = {
    list: "spamhaus",
    entries: 1234,
    errors_total: 0,
    last_success_at: 1_767_225_000,
    duration_seconds: 1,
  };
  const state = showing({
    ...NODE,
    feeds: [feed, { ...feed, list: "tor_exit", last_success_at: null }],
    collectors: [{ name: "conntrack", success: false, duration_seconds: 0 }],
    libvirt: { ...NODE.libvirt, up: false },
    conntrack: { ...NODE.conntrack, over: true, fill_percent: 99.99, entries: 262_000 },
    totals: { instances: null, vcpus: null, memory_bytes: null },
  });
  const [, health, lists] = seen(state).split("\n");
  assert.equal(
    health,
    "libvirt DOWN  conntrack 100 % of 262,144 FULL  instances -  vCPUs -  memory -",
  );
  assert.equal(lists, "lists spamhaus 1,234, tor_exit not yet read  failed conntrack");
  const unread = showing({ ...NODE, conntrack: { ...NODE.conntrack, up: false } });
  assert.match(seen(unread), /conntrack not read {2}/);
});

Deno.test("screen says that no instance is there, or none matches", () => {
  const body = (state = showing(NODE)) => seen(state).split("\n").slice(5, 7).join("|");
  assert.equal(body(showing(snapshot([]))), "No instance runs here.|");
  assert.equal(body(showing(NODE, { filter: "nobody" })), "No instance matches.|");
  const filtered = press(showing(NODE), "/", ..."project:ärzte", "enter");
  assert.match(body(filtered), /東京タワー .*\|$/);
  assert.equal(
    seen(filtered).split("\n").at(-1),
    'Enter open  / filter  ? help  q… 1 instance matching "project:ärzte" of 4 by CPU',
  );
});

Deno.test("wholeTable has every instance, and whole names where there is no edge", () => {
  const long = "n".repeat(256);
  const many = Array.from({ length: 60 }, (_, at) => instance(at + 10));
  const state = showing(snapshot([...many, instance(1, { name: long, cpu_percent: 1 })]), {
    size: { columns: Infinity, rows: Infinity },
  });
  const lines = wholeTable(state).map(plainLine);
  assert.equal(lines.length, 5 + 61);
  assert.match(lines[5] ?? "", new RegExp(` ${long} alpha +instance-00000001$`));
});
