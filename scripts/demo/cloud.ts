import { SaxesParser } from "saxes";
import { parseIpAddress } from "../../lib/address/ip_address.ts";

/** The file that libvirt's test driver makes the demo's domains of. */
export const CLOUD: string = `${import.meta.dirname}/node.xml`;

/** A threat list with addresses that one instance of the demo has flows with. */
export const LISTED: string = `${import.meta.dirname}/listed.txt`;

/** Fixed IPs of each domain of such a file, in its order, as canonical text. */
export function fixedIpsOfCloud(xml: string): string[][] {
  const domains: string[][] = [];
  const parser = new SaxesParser({ xmlns: true });
  parser.on("opentag", ({ local, attributes }) => {
    if (local === "domain") domains.push([]);
    if (local !== "ip") return;
    const address = parseIpAddress(attributes["address"]?.value ?? "");
    if (address) domains.at(-1)?.push(address.text);
  });
  parser.write(xml).close();
  return domains;
}
