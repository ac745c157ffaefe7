import type { LibvirtNode } from "../integration/libvirt_node.ts";

/**
 * What `virsh domstats` says of a domain, by libvirt's names; of text it is not a number.
 *
 * @param flags Groups such as `--balloon`; with `--nowait` it does not wait for others' calls.
 */
export async function domstats(
  node: LibvirtNode,
  domain: string,
  ...flags: readonly string[]
): Promise<ReadonlyMap<string, number>> {
  const lines = (await node.virsh("domstats", ...flags, domain)).split("\n");
  return new Map(lines.map((line): [string, number] => {
    const [name = "", value = ""] = line.trim().split("=");
    return [name, Number(value)];
  }));
}
