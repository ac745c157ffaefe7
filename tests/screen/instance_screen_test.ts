import assert from "node:assert/strict";
import { after, BUSY, HISTORY, instance, press, seen, showing, snapshot } from "./snapshots.ts";

const NODE = snapshot([instance(2), BUSY]);
const TALL = { size: { columns: 80, rows: 36 } };

Deno.test("screen of an instance shows its owner, last hour, devices and contacts", () => {
  const open = after(press(showing(NODE, TALL), "enter"), {
    kind: "history",
    uuid: BUSY.uuid,
    history: HISTORY,
  });
  assert.equal(
    seen(open),
    `\
compute-17  data 3 s old  every 10 s  cycle took 123 ms  exporter 1.2.3
libvirt up  conntrack 4.7 % of 262,144  instances 2  vCPUs 12  memory 16.0Gi
lists off

web-0   reads of a disk over its threshold   contact with a listed address
UUID     00000001-1111-4111-8111-111111111111   instance-00000001
project  alpha   p-1
user     ann   u-1
size     m1.small, 2 vCPUs, 2.00GiB memory, root on image, created 2026-01-02 0…

                   now    most  last 1 h
CPU %             98.8    98.8    ▁▁▂▃▄▅▆███
read B/s         12.3M   12.3M    ▁▁▁▂▃▅▆▇▇▇
written B/s        999       0  ▁▁▁▁▁▁▁▁▁▁▁▁
reads/s            480     480  ████████████
writes/s            20       -
received b/s     1.23G   1.00M  ████████████
sent b/s         1.00M   1.00M  ████████████
flows            12.0k   2.05k  ▁▁▁▁▁▁▁▁▁▂▃▆
contacts             3       -

DISK  TIER   R B/S  W B/S  READS/S   OF  WRITES/S     OF  VOLUME
vda   ultra  12.3M    999      480  100        20  2.50k  d-1

VNIC  RX B/S  TX B/S  RX PKT/S  TX PKT/S  DROPS/S  ERRORS/S
tap0   1.23G   1.00M     1.00k        90     0.25         -

FIXED IP      FLOWS  REMOTES  NEW  MOST/REMOTE  PORTS  NEW  MOST/PORT
10.1.0.5     12,000   11,000   40            9      2    0     11,400
2001:db8::5       -        -    -            -      -    -          -

LIST      DIRECTION  CONTACTS NOW  SINCE START
spamhaus  out                   3        1,234


Esc back  Up Down scroll  ? help                                        29 lines`,
  );
});

Deno.test("screen of an instance says why there is no history, and that nothing is attached", () => {
  const quiet = press(showing(snapshot([instance(2)]), TALL), "enter");
  const open = after(quiet, {
    kind: "history",
    uuid: instance(2).uuid,
    history: "Nothing is remembered: -web.history is 0",
  });
  assert.match(seen(open), /^ +now {2}Nothing is remembered: -web.history is 0$/m);
  assert.match(seen(open), /\n\nNo disk\.\n\nNo vNIC\.\n\nNo fixed IP\.\n\nNo contact with a l/);
  const other = after(quiet, { kind: "history", uuid: BUSY.uuid, history: HISTORY });
  assert.equal(seen(other), seen(quiet), "a late answer about another one changes nothing");
});

Deno.test("screen of an instance that is gone says so, and comes back with it", () => {
  const open = press(showing(NODE, TALL), "enter");
  const snapshotOf = (instances: typeof NODE.instances) => ({
    kind: "snapshot",
    reception: { snapshot: snapshot(instances), ageMs: 0, atMs: 1000 },
  } as const);
  const gone = after(open, snapshotOf([instance(2)]));
  assert.equal(seen(gone).split("\n")[4], "This instance runs here no more.");
  assert.match(seen(after(gone, snapshotOf(NODE.instances))), /^web-0 {3}reads of a disk/m);
});

Deno.test("screen of an instance scrolls no further than its last line", () => {
  const open = press(showing(NODE), "enter");
  const last = (state: typeof open) =>
    seen(state).split("\n").at(-1)?.trim().replace(/^.* {2}/, "");
  assert.equal(last(open), "1 to 9 of 29 lines");
  assert.equal(last(press(open, "pageDown", "down")), "11 to 19 of 29 lines");
  assert.equal(last(press(open, "end", "down")), "21 to 29 of 29 lines");
  assert.equal(last(press(open, "end", "up", "home", "up")), "1 to 9 of 29 lines");
});
