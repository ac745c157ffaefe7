import type { IpAddress } from "../address/ip_address.ts";
import { labelText } from "../metrics/labels.ts";
import { type Sample, sample } from "../metrics/sample.ts";
import { HOST_THREAT_LISTED } from "../metrics/threat_families.ts";
import { THREAT_LISTS } from "../threat/lists.ts";

/** An address of this host with the lists that have it, one bit each. */
export interface ListedAddress {
  readonly address: IpAddress;
  readonly lists: number;
}

/** One sample for each list that has an address of this host; an address twice is one address. */
export function hostThreatSamples(addresses: readonly ListedAddress[]): readonly Sample[] {
  const byText = new Map(addresses.map((each) => [each.address.text, each]));
  return [...byText.values()].flatMap(({ address, lists }) =>
    THREAT_LISTS.flatMap(({ name }, bit) => {
      if ((lists & (1 << bit)) === 0) return [];
      const values = { list: name, ip: address.text, family: address.family };
      return [sample(HOST_THREAT_LISTED, labelText(HOST_THREAT_LISTED.labels, values), 1)];
    })
  );
}
