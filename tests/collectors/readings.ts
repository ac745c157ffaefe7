import type { DomainStats } from "../../ffi/domain_stats.ts";
import { parseIpAddress } from "../../lib/address/ip_address.ts";
import type { Collector } from "../../lib/collectors/collector.ts";
import type { Cycle, InstanceReading } from "../../lib/collectors/cycle.ts";
import type { Config } from "../../lib/config/config.ts";
import { parseFlags } from "../../lib/config/parse_flags.ts";
import type { FixedIpFlows } from "../../lib/conntrack/flow_summary.ts";
import type { InstanceDescription } from "../../lib/inventory/instance.ts";
import { sampleLine } from "../metrics/sample_line.ts";

/** UUID of the one instance that these tests are about. */
export const UUID = "11111111-1111-4111-8111-111111111111";

/** What a command line means. */
export function configOf(...flags: string[]): Config {
  const parsed = parseFlags(flags);
  if (parsed.action !== "run") throw new TypeError(`No configuration from ${flags}`);
  return parsed.config;
}

/** Virtual network interfaces with these host devices, and nothing else known of them. */
export function vnics(...devices: string[]): InstanceDescription["interfaces"] {
  return devices.map((device) => ({
    device,
    mac: "",
    bridge: "",
    model: "",
    portUuid: "",
    mtu: "",
  }));
}

/** A description with an owner, and what the test gives. */
export function describe(given: Partial<InstanceDescription> = {}): InstanceDescription {
  return {
    metadataVersion: "27.1.0",
    displayName: "web-0",
    flavor: "m1.small",
    projectUuid: "p-1",
    projectName: "alpha",
    userUuid: "u-1",
    userName: "ann",
    rootType: "image",
    createdAt: "2026-01-02 03:04:05",
    vcpus: 2,
    memoryKib: 2_097_152,
    fixedIps: [],
    fixedIpPorts: given.fixedIps?.map(() => []) ?? [],
    disks: [],
    interfaces: [],
    blockDevices: [],
    ...given,
  };
}

/** One reading of the instance; give the same `run` and `description` to stay in one run. */
export function reading(given: {
  readonly stats?: Partial<DomainStats>;
  readonly description?: InstanceDescription;
  readonly run?: object;
  readonly delay?: InstanceReading["delay"];
  readonly job?: InstanceReading["job"];
}): InstanceReading {
  return {
    stats: { uuid: UUID, name: "instance-0000000a", id: 7, ...given.stats },
    description: given.description ?? describe(),
    run: given.run ?? {},
    delay: given.delay,
    job: given.job,
  };
}

/** A cycle at a moment, with the flows of the instance's fixed IPs in their order. */
export function cycle(statsAtMs = 0, flows?: readonly FixedIpFlows[]): Cycle {
  return {
    statsAtMs,
    flows: flows && {
      entries: 0,
      ambiguousFixedIps: 0,
      byInstance: new Map([[UUID, flows]]),
    },
  };
}

/** Fixed IPs of these texts. */
export function fixedIps(...texts: string[]): InstanceDescription["fixedIps"] {
  return texts.map((text) => {
    const address = parseIpAddress(text);
    if (!address) throw new TypeError(`"${text}" is no address`);
    return address;
  });
}

/** A collector, started, whose samples come as lines of the page. */
export function started(
  { start }: Collector,
  ...flags: string[]
): (instance: InstanceReading, cycle: Cycle) => readonly string[] | undefined {
  const collect = start(configOf(...flags));
  if (!collect) throw new TypeError("The collector is switched off");
  return (instance, cycle) => collect(instance, cycle)?.map(sampleLine);
}
