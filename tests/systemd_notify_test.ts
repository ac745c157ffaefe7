import assert from "node:assert/strict";
import { openServiceNotifier, serviceNotifier } from "../lib/systemd_notify.ts";

const UP = { libvirtUp: true, conntrackUp: true, instances: 2 };

Deno.test("serviceNotifier tells when it serves, how it fares, and that it ends", () => {
  const sent: string[] = [];
  const notifier = serviceNotifier((message) => sent.push(message), { isWatched: false });
  notifier.cycle(UP);
  assert.deepEqual(sent, [], "nothing is served yet");
  notifier.ready("127.0.0.1:9120");
  notifier.cycle(UP);
  notifier.cycle(UP);
  notifier.cycle({ ...UP, libvirtUp: false });
  notifier.stopping();
  assert.deepEqual(sent, [
    "READY=1\nSTATUS=Serving on 127.0.0.1:9120",
    "STATUS=libvirt up, conntrack up, 2 instances",
    "STATUS=libvirt down, conntrack up, 2 instances",
    "STOPPING=1\nSTATUS=Ending",
  ]);
});

Deno.test("serviceNotifier feeds the watchdog with cycles, at most once a second", () => {
  const sent: string[] = [];
  let nowMs = 0;
  const notifier = serviceNotifier((message) => sent.push(message), {
    isWatched: true,
    now: () => nowMs,
  });
  for (nowMs = 0; nowMs < 2500; nowMs += 500) notifier.cycle(UP);
  assert.deepEqual(sent, ["WATCHDOG=1", "WATCHDOG=1", "WATCHDOG=1"]);
});

Deno.test("openServiceNotifier says nothing where there is no service manager", () => {
  for (const path of [undefined, ""]) {
    const notifier = openServiceNotifier(() => path);
    notifier.ready("x");
    notifier.cycle(UP);
    notifier.stopping();
  }
});

Deno.test("openServiceNotifier refuses what is no path of a socket", () => {
  for (const path of ["relative", "vsock:2:1234", "@", `/${"x".repeat(107)}`]) {
    const env = (name: string) => name === "NOTIFY_SOCKET" ? path : undefined;
    assert.throws(() => openServiceNotifier(env), {
      name: "RangeError",
      message: `Cannot use notify socket "${path}": ` +
        "it must be an absolute path or @name, under 108 bytes",
    });
  }
});
