import fc from "fast-check";
import { parseIpAddress } from "../../lib/address/ip_address.ts";
import type { TestFlow } from "./naive_aggregation.ts";

/** Flows between these addresses, with and without NAT of either side. */
export function anyFlow(pool: readonly string[]): fc.Arbitrary<TestFlow> {
  const address = fc.constantFrom(...pool.flatMap((text) => {
    const parsed = parseIpAddress(text);
    return parsed === undefined ? [] : [parsed.words];
  }));
  return fc.record({
    src: address,
    dst: address,
    replySrc: address,
    replyDst: address,
    dstPort: fc.constantFrom(0, 53, 443),
    nat: fc.constantFrom("none", "snat", "dnat", "both"),
  }).map(({ nat, ...each }) => ({
    ...each,
    replySrc: nat === "dnat" || nat === "both" ? each.replySrc : each.dst,
    replyDst: nat === "snat" || nat === "both" ? each.replyDst : each.src,
  }));
}
