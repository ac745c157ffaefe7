import type { DomainsReading } from "../collectors/cycle.ts";
import type { FixedIpOwner } from "../conntrack/flow_summary.ts";

/**
 * The newest known owners of fixed IPs: of every domain that is listed. One whose description cannot
 * be read this time keeps the addresses it had, so that its sums go on and nothing of it is new
 * again; while libvirt is down all of them keep theirs.
 *
 * @param before the owners of the cycle before.
 */
export function fixedIpOwners(
  domains: DomainsReading,
  before: readonly FixedIpOwner[],
): readonly FixedIpOwner[] {
  if (!domains.ok) return before;
  const known = new Map(before.map((owner) => [owner.uuid, owner]));
  for (const { stats: { uuid }, description: { fixedIps, fixedIpPorts } } of domains.instances) {
    known.set(uuid, { uuid, fixedIps, ports: fixedIpPorts });
  }
  return [...domains.listed].map((uuid) => known.get(uuid) ?? { uuid, fixedIps: [] });
}
