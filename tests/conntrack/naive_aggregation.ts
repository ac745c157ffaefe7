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
  REPLY_SRC_PORT,
  SRC_PORT,
  STATUS,
  ZONE,
} from "../../lib/conntrack/flow.ts";
import type {
  BehaviorFlows,
  FixedIpFlows,
  FixedIpOwner,
  FlowSummary,
} from "../../lib/conntrack/flow_summary.ts";
import type { PortZones } from "../../lib/conntrack/port_zones.ts";

/** A flow as a test states it. */
export interface TestFlow {
  readonly src: AddressWords;
  readonly dst: AddressWords;
  readonly replySrc: AddressWords;
  readonly replyDst: AddressWords;
  readonly dstPort: number;
  readonly srcPort?: number;
  readonly protocol?: number;
  readonly zone?: number;
  readonly status?: number;
}

/** The record that the decoder would make of a flow. */
export function toRecord(flow: TestFlow): Flow {
  const record = createFlow();
  record.set(flow.src, ORIG_SRC);
  record.set(flow.dst, ORIG_DST);
  record.set(flow.replySrc, REPLY_SRC);
  record.set(flow.replyDst, REPLY_DST);
  record[DST_PORT] = flow.dstPort;
  record[SRC_PORT] = flow.srcPort ?? 0;
  record[REPLY_SRC_PORT] = flow.dstPort;
  record[PROTOCOL] = flow.protocol ?? 6;
  record[ZONE] = flow.zone ?? 0;
  record[STATUS] = flow.status ?? 0;
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
    const portZones = new Set(
      [...zones ?? []].flatMap(([name, zone]) => /_[sd]nat$/.test(name) ? [] : [zone]),
    );
    const ambiguous = new Set<string>();
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
          const others = owners.filter(({ fixedIps }) =>
            fixedIps.some((ip) => ip.words.join() === key)
          );
          const isUsed = others.some(({ uuid }) => this.#zoneUsed.get(`${uuid} ${key}`));
          const byZone = its.length > 0 && ((others.length > 1 && isUsed) || (before ?? true));
          const once = zones?.size ? firstOfEach(elsewhere, key) : elsewhere;
          const isSeen = its.length === 0 || elsewhere.some((flow) => names(flow, key));
          if (others.length > 1 && !byZone && isSeen) ambiguous.add(key);
          const now = its.length === 0
            ? before
            : before || inZones.some((flow) => names(flow, key));
          if (now !== undefined) used.set(name, now);
          return this.#fixedIp(owner.uuid, key, own, byZone ? inZones : once, seen);
        }),
      );
    }
    this.#previous = seen;
    this.#zoneUsed = used;
    return { entries: flows.length, ambiguousFixedIps: ambiguous.size, byInstance };
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
    const inbound = flows.filter((flow) =>
      [flow.dst.join(), flow.replySrc.join()].includes(ip) &&
      !own.has(flow.src.join()) && !own.has(flow.replyDst.join())
    );
    const mine = flows.filter((flow) => names(flow, ip));
    const count = (fits: (flow: TestFlow) => boolean) => mine.filter(fits).length;
    const isOut = ({ src, dst, replySrc }: TestFlow) =>
      src.join() === ip || ![dst.join(), replySrc.join()].includes(ip);
    const hasProtocol = (...numbers: number[]) =>
      count(({ protocol = 6 }) => numbers.includes(protocol));
    return {
      flows: mine.length,
      outbound: this.#behavior(`out ${uuid} ${ip}`, outbound, ({ dst }) => dst.join(), seen),
      inbound: this.#behavior(`in ${uuid} ${ip}`, inbound, ({ src }) => src.join(), seen),
      kinds: {
        out: count(isOut),
        in: count((flow) => !isOut(flow)),
        tcp: hasProtocol(6),
        udp: hasProtocol(17),
        icmp: hasProtocol(1, 58),
        other: mine.length - hasProtocol(1, 6, 17, 58),
        unreplied: count(({ status = 0 }) => (status & 2) === 0),
      },
    };
  }

  #behavior(
    name: string,
    flows: readonly TestFlow[],
    remoteOf: (flow: TestFlow) => string,
    seen: Seen,
  ): BehaviorFlows {
    const remotes = tally(flows.map(remoteOf));
    const ports = tally(flows.map((flow) => flow.dstPort).filter((port) => port !== 0));
    const before = this.#previous.get(name);
    seen.set(name, { remotes: new Set(remotes.keys()), ports: new Set(ports.keys()) });
    return {
      uniqueRemotes: remotes.size,
      newRemotes: [...remotes.keys()].filter((key) => !before?.remotes.has(key)).length,
      flows: flows.length,
      maxFlowsSingleRemote: Math.max(0, ...remotes.values()),
      uniqueDstPorts: ports.size,
      newDstPorts: [...ports.keys()].filter((key) => !before?.ports.has(key)).length,
      maxFlowsSingleDstPort: Math.max(0, ...ports.values()),
    };
  }
}

/** Of flows that are the same connection seen from an address, the first. */
function firstOfEach(flows: readonly TestFlow[], ip: string): readonly TestFlow[] {
  const seen = new Set<string>();
  return flows.filter((flow) => {
    if (!names(flow, ip)) return true;
    const { src, dst, replySrc, protocol = 6, srcPort = 0, dstPort } = flow;
    const isOut = src.join() === ip || ![dst.join(), replySrc.join()].includes(ip);
    const view = [isOut, isOut ? replySrc.join() : src.join(), protocol, srcPort, dstPort].join();
    return seen.size < seen.add(view).size;
  });
}

function names({ src, dst, replySrc, replyDst }: TestFlow, ip: string): boolean {
  return [src, dst, replySrc, replyDst].some((words) => words.join() === ip);
}

function tally<K>(keys: readonly K[]): Map<K, number> {
  const counts = new Map<K, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
