import type { CycleReadings } from "../collectors/cycle.ts";
import { type OwnerLabels, ownerLabels } from "../collectors/owner_labels.ts";
import type { FreshContact } from "../conntrack/flow_summary.ts";
import { THREAT_LISTS } from "./lists.ts";

/** Names of IANA's registry "Protocol Numbers" for what tenants use; others stay numbers. */
const PROTOCOLS: Readonly<Record<number, string>> = {
  1: "icmp",
  2: "igmp",
  6: "tcp",
  17: "udp",
  33: "dccp",
  47: "gre",
  50: "esp",
  51: "ah",
  58: "ipv6-icmp",
  132: "sctp",
  136: "udplite",
};

/** Lines of the threat file for the contacts of each cycle, with the owners of the instances. */
export class ContactLines {
  /** Of the newest listing: contacts are found also while libvirt cannot be read. */
  #owners: ReadonlyMap<string, OwnerLabels> = new Map();
  #unselected: ReadonlySet<string> = new Set();

  /**
   * The lines of one cycle, each with its newline.
   *
   * @param timeMs Milliseconds since the epoch.
   */
  take({ domains, conntrack }: CycleReadings, timeMs: number): readonly string[] {
    if (domains.ok) {
      const { listed, instances, unselected = [] } = domains;
      this.#unselected = new Set(unselected.map(({ stats: { uuid } }) => uuid));
      this.#owners = new Map([
        // Of a domain that cannot be described this time what was known of it.
        ...[...this.#owners].filter(([uuid]) => listed.has(uuid)),
        ...instances.map((each) => [each.stats.uuid, ownerLabels(each)] as const),
      ]);
    }
    const threats = conntrack.summary?.threats;
    if (threats === undefined) return [];
    const lines = threats.fresh
      .filter(({ instance }) => !this.#unselected.has(instance))
      .map((contact) => contactLine(contact, this.#owners.get(contact.instance), timeMs));
    const leftOut = sumOf(threats.leftOut);
    if (leftOut > 0) lines.push(leftOutLine(leftOut, timeMs, threats.leftOut));
    return lines;
  }
}

/**
 * The line that stands for contacts without one.
 *
 * @param byList how many of them each list has, in the order of `THREAT_LISTS`, where it is known.
 */
export function leftOutLine(count: number, timeMs: number, byList?: readonly number[]): string {
  const named = byList?.flatMap((ofList, list) =>
    ofList > 0 ? [[THREAT_LISTS[list]?.name, ofList]] : []
  );
  return JSON.stringify({
    time: new Date(timeMs).toISOString(),
    left_out: count,
    ...named && { lists: Object.fromEntries(named) },
  }) + "\n";
}

/** All contacts left out, of those by list. */
export function sumOf(byList: readonly number[]): number {
  return byList.reduce((sum, count) => sum + count, 0);
}

function contactLine(
  contact: FreshContact,
  owner: OwnerLabels | undefined,
  timeMs: number,
): string {
  const { fixedIp, remote, protocol, dstPort, direction } = contact;
  return JSON.stringify({
    time: new Date(timeMs).toISOString(),
    list: THREAT_LISTS[contact.list]?.name,
    domain: owner?.domain,
    instance_uuid: contact.instance,
    project_uuid: owner?.project_uuid,
    user_uuid: owner?.user_uuid,
    fixed_ip: fixedIp.text,
    remote_ip: remote.text,
    protocol: PROTOCOLS[protocol] ?? String(protocol),
    // Protocols without ports have none.
    ...dstPort !== 0 && { dst_port: dstPort },
    direction,
  }) + "\n";
}
