import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { formatListenAddress, type ListenAddress } from "../config/listen_address.ts";
import { within } from "../within.ts";

const DEADLINE_MS = 4_000;

/**
 * The address with its name replaced by what the system's resolver says. Deno.serve would ask it too,
 * but on this thread and for as long as it takes.
 *
 * @throws {Error} If there is no answer in time, or none at all; the message is one line.
 */
export async function resolveHost(
  address: ListenAddress,
  ask: (hostname: string) => Promise<{ readonly address: string }> = lookup,
  deadlineMs = DEADLINE_MS,
): Promise<ListenAddress> {
  const { hostname } = address;
  if (hostname === "" || isIP(hostname) !== 0) return address;
  const failed = `Cannot listen on ${formatListenAddress(address)}: `;
  let found;
  try {
    found = await within(ask(hostname), deadlineMs, undefined);
  } catch {
    throw new Error(`${failed}the name has no address`);
  }
  if (!found) throw new Error(`${failed}the name was not resolved within ${deadlineMs / 1000} s`);
  return { ...address, hostname: found.address };
}
