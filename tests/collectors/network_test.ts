import assert from "node:assert/strict";
import type { InterfaceStats } from "../../ffi/domain_stats.ts";
import { NETWORK_IO } from "../../lib/collectors/network.ts";
import { cycle, describe, reading, started, UUID } from "./readings.ts";

function labels(vnic: string): string {
  return `{domain="instance-0000000a",interface="${vnic}",instance_uuid="${UUID}",` +
    `user_uuid="u-1",project_uuid="p-1"}`;
}

const ZERO = {
  rxBytes: 0n,
  rxPackets: 0n,
  rxErrors: 0n,
  rxDrops: 0n,
  txBytes: 0n,
  txPackets: 0n,
  txErrors: 0n,
  txDrops: 0n,
};

Deno.test("NETWORK_IO exports every counter that is above zero, each under its own name", () => {
  const interfaces: InterfaceStats[] = [
    {
      name: "tap1",
      rxBytes: 2n ** 31n,
      rxPackets: 1n,
      rxErrors: 2n,
      rxDrops: 3n,
      txBytes: 2n ** 30n,
      txPackets: 4n,
      txErrors: 5n,
      txDrops: 6n,
    },
    { name: "tap2", ...ZERO },
    { name: "tap3", ...ZERO, txDrops: 9n },
  ];
  assert.deepEqual(started(NETWORK_IO)(reading({ stats: { interfaces } }), cycle()), [
    `oie_net_rx_gbytes${labels("tap1")} 2\n`,
    `oie_net_tx_gbytes${labels("tap1")} 1\n`,
    `oie_net_rx_pkt_total${labels("tap1")} 1\n`,
    `oie_net_tx_pkt_total${labels("tap1")} 4\n`,
    `oie_net_rx_er_total${labels("tap1")} 2\n`,
    `oie_net_tx_er_total${labels("tap1")} 5\n`,
    `oie_net_rx_drp_total${labels("tap1")} 3\n`,
    `oie_net_tx_drp_total${labels("tap1")} 6\n`,
    `oie_net_tx_drp_total${labels("tap3")} 9\n`,
  ]);
});

Deno.test("NETWORK_IO keeps a counter once exported while the domain runs, and no other", () => {
  const collect = started(NETWORK_IO);
  const run = {};
  const description = describe();
  const at = (rxPackets: bigint) =>
    collect(
      reading({ run, description, stats: { interfaces: [{ name: "tap1", ...ZERO, rxPackets }] } }),
      cycle(),
    );
  assert.deepEqual(at(0n), []);
  assert.deepEqual(at(5n), [`oie_net_rx_pkt_total${labels("tap1")} 5\n`]);
  assert.deepEqual(at(0n), [`oie_net_rx_pkt_total${labels("tap1")} 0\n`]);
});

Deno.test("NETWORK_IO leaves out a counter that libvirt did not give, and all without the group", () => {
  const collect = started(NETWORK_IO);
  const run = {};
  const at = (interfaces?: InterfaceStats[]) =>
    collect(reading({ run, stats: interfaces ? { interfaces } : {} }), cycle());
  assert.equal(at([{ name: "tap1", rxPackets: 5n }])?.length, 1);
  assert.deepEqual(at([{ name: "tap1" }]), []);
  assert.equal(at(), undefined);
});

Deno.test("NETWORK_IO forgets a vNIC that was unplugged", () => {
  const collect = started(NETWORK_IO);
  const run = {};
  const at = (...interfaces: InterfaceStats[]) =>
    collect(reading({ run, stats: { interfaces } }), cycle());
  assert.equal(at({ name: "tap1", rxPackets: 5n })?.length, 1);
  assert.deepEqual(at(), []);
  assert.deepEqual(at({ name: "tap1", rxPackets: 0n }), []);
});
