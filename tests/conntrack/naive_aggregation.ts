import type { AddressWords } from "../../lib/address/ip_address.ts";
import {
  createFlow,
  DST_PORT,
  type Flow,
  ORIG_DST,
  ORIG_SRC,
  PROTOCOL,
  REPLY_DST,
  REPLY_SRC,
  ZONE,
} from "../../lib/conntrack/flow.ts";
import type { FixedIpFlows, FixedIpOwner, FlowSummary } from "../../lib/conntrack/flow_summary.ts";
import type { PortZones } from "../../lib/conntrack/port_zones.ts";

/** A flow as a test states it. */
export interface TestFlow {
  readonly src: AddressWords;
  readonly dst: AddressWords;
  readonly replySrc: AddressWords;
  readonly replyDst: AddressWords;
  readonly dstPort: number;
  readonly protocol?: number;
  readonly zone?: number;
}

/** The record that the decoder would make of a flow. */
export function toRecord(flow: TestFlow): Flow {
  const record = createFlow();
  record.set(flow.src, ORIG_SRC);
  record.set(flow.dst, ORIG_DST);
  record.set(flow.replySrc, REPLY_SRC);
  record.set(flow.replyDst, REPLY_DST);
  record[DST_PORT] = flow.dstPort;
  record[PROTOCOL] = flow.protocol ?? 6;
  record[ZONE] = flow.zone ?? 0;
  return record;
}

type Seen = Map<string, { remotes: Set<string>; ports: Set<number> }>;

/** The rules of the aggregation, said again as plainly as possible with sets and maps of text. */
export class NaiveAggregation {
  #previous: Seen = new Map();

  #zoneUsed = new Map<string, boolean>();

  interval(
    owners: readonly FixedIpOwner[],
    flows: readonly TestFlow[],
    zones?: PortZones,
  ): FlowSummary {
    const seen: Seen = new Map();
    const byInstance = new Map<string, FixedIpFlows[]>();
    const zonesOf = (ports: readonly string[] = []) =>
      ports.flatMap((port) => zones?.get(port) ?? []);
    const portZones = new Set(owners.flatMap(({ ports }) => zonesOf(ports?.flat())));
    const claims: string[] = [];
    const used = new Map<string, boolean>();
    for (const owner of owners) {
      const own = new Set(owner.fixedIps.map((ip) => ip.words.join()));
      byInstance.set(
        owner.uuid,
        owner.fixedIps.map((ip, at) => {
          const key = ip.words.join();
          const name = `${owner.uuid} ${key}`;
          const its = zonesOf(owner.ports?.[at]);
          const inZones = flows.filter(({ zone = 0 }) => its.includes(zone));
          const elsewhere = flows.filter(({ zone = 0 }) => !portZones.has(zone));
          const before = this.#zoneUsed.get(name);
          const byZone = its.length > 0 && (before ?? true);
          claims.push(...(byZone ? its : [0]).map((zone) => `${zone} ${key}`));
          const now = its.length === 0
            ? before
            : before || inZones.some((flow) => names(flow, key));
          if (now !== undefined) used.set(name, now);
          return this.#fixedIp(owner.uuid, key, own, byZone ? inZones : elsewhere, seen);
        }),
      );
    }
    const shared = claims.filter((claim, at) => claims.indexOf(claim) !== at);
    this.#previous = seen;
    this.#zoneUsed = used;
    return { entries: flows.length, ambiguousFixedIps: new Set(shared).size, byInstance };
  }

  #fixedIp(
    uuid: string,
    ip: string,
    own: ReadonlySet<string>,
    flows: readonly TestFlow[],
    seen: Seen,
  ): FixedIpFlows {
    const outbound = flows.filter((flow) =>
      flow.src.join() === ip && !own.has(flow.dst.join()) && !own.has(flow.replySrc.join())
    );
    const remotes = tally(outbound.map((flow) => flow.dst.join()));
    const ports = tally(outbound.map((flow) => flow.dstPort).filter((port) => port !== 0));
    const before = this.#previous.get(`${uuid} ${ip}`);
    seen.set(`${uuid} ${ip}`, {
      remotes: new Set(remotes.keys()),
      ports: new Set(ports.keys()),
    });
    return {
      flows: flows.filter((flow) => names(flow, ip)).length,
      outbound: {
        uniqueRemotes: remotes.size,
        newRemotes: [...remotes.keys()].filter((key) => !before?.remotes.has(key)).length,
        flows: outbound.length,
        maxFlowsSingleRemote: Math.max(0, ...remotes.values()),
        uniqueDstPorts: ports.size,
        newDstPorts: [...ports.keys()].filter((key) => !before?.ports.has(key)).length,
        maxFlowsSingleDstPort: Math.max(0, ...ports.values()),
      },
    };
  }
}

function names({ src, dst, replySrc, replyDst }: TestFlow, ip: string): boolean {
  return [src, dst, replySrc, replyDst].some((words) => words.join() === ip);
}

function tally<K>(keys: readonly K[]): Map<K, number> {
  const counts = new Map<K, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
