import { type IpAddress, parseIpAddress } from "../../lib/address/ip_address.ts";
import type { FixedIpOwner } from "../../lib/conntrack/flow_summary.ts";
import { type Entry, TCP, UDP } from "../../scripts/demo/conntrack_table.ts";

const LIMIT_PATH = "/proc/sys/net/netfilter/nf_conntrack_max";
const PASSING_SECONDS = 20;
const COMMON_PORTS: readonly number[] = [443, 80, 53, 123, 22, 8080, 993, 5432];

/** Owners of the fixed IPs that the entries below belong to. */
export function fixedIpOwners(instances: number): FixedIpOwner[] {
  return Array.from({ length: instances }, (_, instance) => ({
    uuid: `00000000-0000-4000-8000-${String(instance).padStart(12, "0")}`,
    fixedIps: [address(fixedIpOf(instance, false)), address(fixedIpOf(instance, true))],
  }));
}

/** Three in four are IPv4; nearly every one has a remote of its own; a tenth comes in; most ports are common. */
export function* standing(instances: number, count: number): Generator<Entry> {
  for (let number = 0; number < count; number++) {
    const round = Math.floor(number / instances);
    const guest = fixedIpOf(number % instances, round % 4 === 3);
    const remote = remoteOf(guest, number);
    const [src, dst] = round % 10 === 9 ? [remote, guest] : [guest, remote];
    yield {
      protocol: number % 3 === 0 ? UDP : TCP,
      src,
      dst,
      srcPort: 1024 + number % 60_000,
      dstPort: number % 8 === 7 ? 1 + number % 997 : COMMON_PORTS[(number >>> 3) % 8] ?? 0,
    };
  }
}

/** Short flows to remotes that none of {@link standing} has. */
export function* passing(instances: number, from: number, count: number): Generator<Entry> {
  for (let number = from; number < from + count; number++) {
    const src = fixedIpOf(number % instances, number % 4 === 3);
    yield {
      protocol: TCP,
      src,
      dst: remoteOf(src, 0x2000000 + number),
      srcPort: 1024 + number % 60_000,
      dstPort: 8443,
      timeoutSeconds: PASSING_SECONDS,
    };
  }
}

/** Each instance has an IPv4 and an IPv6 fixed IP. */
export function fixedIpOf(instance: number, ipv6: boolean): string {
  return ipv6 ? `fd00::${(instance + 1).toString(16)}` : `10.0.${instance >>> 8}.${instance & 255}`;
}

function remoteOf(guest: string, number: number): string {
  return guest.includes(":")
    ? `2001:db8::${(number >>> 16).toString(16)}:${(number & 0xffff).toString(16)}`
    : `${100 + (number >>> 24)}.${(number >>> 16) & 255}.${(number >>> 8) & 255}.${number & 255}`;
}

function address(text: string): IpAddress {
  const parsed = parseIpAddress(text);
  if (parsed === undefined) throw new TypeError(`Cannot parse ${text}: it is no address`);
  return parsed;
}

/**
 * Lets the table hold `entries`, which only the first network namespace can say; undone at the end,
 * through the file that was opened there.
 */
export function raiseConntrackLimit(entries: number): Disposable {
  const before = Number(Deno.readTextFileSync(LIMIT_PATH));
  if (before >= entries) return { [Symbol.dispose]: () => {} };
  const file = Deno.openSync(LIMIT_PATH, { write: true });
  const write = (limit: number) => {
    file.seekSync(0, Deno.SeekMode.Start);
    file.writeSync(new TextEncoder().encode(`${limit}\n`));
  };
  write(entries);
  return {
    [Symbol.dispose]() {
      write(before);
      file.close();
    },
  };
}
