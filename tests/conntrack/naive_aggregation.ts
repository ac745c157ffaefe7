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
} from "../../lib/conntrack/flow.ts";
import type { FixedIpFlows, FixedIpOwner, FlowSummary } from "../../lib/conntrack/flow_summary.ts";

/** A flow as a test states it. */
export interface TestFlow {
  readonly src: AddressWords;
  readonly dst: AddressWords;
  readonly replySrc: AddressWords;
  readonly replyDst: AddressWords;
  readonly dstPort: number;
  readonly protocol?: number;
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
  return record;
}

type Seen = Map<string, { remotes: Set<string>; ports: Set<number> }>;

/** The rules of the aggregation, said again as plainly as possible with sets and maps of text. */
export class NaiveAggregation {
  #previous: Seen = new Map();

  interval(owners: readonly FixedIpOwner[], flows: readonly TestFlow[]): FlowSummary {
    const seen: Seen = new Map();
    const byInstance = new Map<string, FixedIpFlows[]>();
    for (const owner of owners) {
      const own = new Set(owner.fixedIps.map((ip) => ip.words.join()));
      byInstance.set(
        owner.uuid,
        owner.fixedIps.map((ip) => this.#fixedIp(owner.uuid, ip.words.join(), own, flows, seen)),
      );
    }
    const owned = owners.flatMap((owner) => [...new Set(owner.fixedIps.map((ip) => ip.text))]);
    const ambiguous = owned.filter((ip, at) =>
      owned.indexOf(ip) === at && owned.lastIndexOf(ip) > at
    );
    this.#previous = seen;
    return { entries: flows.length, ambiguousFixedIps: ambiguous.length, byInstance };
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
      flows:
        flows.filter((flow) =>
          [flow.src, flow.dst, flow.replySrc, flow.replyDst].some((words) => words.join() === ip)
        ).length,
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

function tally<K>(keys: readonly K[]): Map<K, number> {
  const counts = new Map<K, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
