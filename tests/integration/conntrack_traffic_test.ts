import assert from "node:assert/strict";
import { openConntrackSocket } from "../../ffi/conntrack.ts";
import { openLibc } from "../../ffi/libc.ts";
import { parseIpAddress } from "../../lib/address/ip_address.ts";
import { ConntrackReader } from "../../lib/reading/conntrack_reader.ts";
import { inNetworkNamespace } from "./conntrack_namespace.ts";

const SENDER = parseIpAddress("127.0.0.1") ?? assert.fail();
const RECEIVER = parseIpAddress("127.0.0.2") ?? assert.fail();

function run(program: string, ...args: readonly string[]): void {
  const { success, stderr } = new Deno.Command(program, { args: [...args] }).outputSync();
  assert.ok(success, new TextDecoder().decode(stderr));
}

/** Sends datagrams of 100 bytes from one socket, which nobody answers: 128 bytes each with headers. */
function send(datagrams: number): void {
  const line = `exec 3>/dev/udp/${RECEIVER.text}/9; for ((i = 0; i < ${datagrams}; i++)); do ` +
    "printf '%0100d' 0 >&3; done";
  run("bash", "-c", line);
}

Deno.test("traffic that nobody answers counts for both of its ends, to the byte, from the second look on", () => {
  inNetworkNamespace(() => {
    run("ip", "link", "set", "lo", "up");
    const rules = "add table inet t; add chain inet t in { type filter hook input priority 0; }; " +
      "add rule inet t in udp dport 9 ct state new,established drop";
    run("nft", rules);
    Deno.writeTextFileSync("/proc/sys/net/netfilter/nf_conntrack_acct", "1\n");
    using libc = openLibc();
    using reader = new ConntrackReader({
      outbound: false,
      traffic: true,
      open: () => openConntrackSocket(libc),
    });
    const read = () => {
      const reading = reader.read([{ uuid: "a", fixedIps: [SENDER, RECEIVER] }]);
      assert.ok(reading.ok);
      return reading.summary.byInstance.get("a")?.map(({ traffic }) =>
        traffic && Object.values(traffic)
      );
    };
    send(2);
    // What was sent before anybody looked is not counted: another exporter may have done so.
    assert.deepEqual(read(), [[0, 0, 0, 0], [0, 0, 0, 0]]);
    send(5);
    assert.deepEqual(read(), [[640, 5, 0, 0], [0, 0, 640, 5]]);
    send(3);
    assert.deepEqual(read(), [[1024, 8, 0, 0], [0, 0, 1024, 8]]);
  });
});
