import { parseIpAddress } from "../../lib/address/ip_address.ts";

/**
 * libnetfilter_conntrack with what creates entries: for the demo and the tests. The program itself
 * binds nothing that changes the table.
 */
const symbols = {
  // struct nfct_handle *nfct_open(uint8_t subsys_id, unsigned subscriptions);
  nfct_open: { parameters: ["u8", "u32"], result: "pointer" },
  // int nfct_close(struct nfct_handle *cth);
  nfct_close: { parameters: ["pointer"], result: "i32" },
  // struct nf_conntrack *nfct_new(void);
  nfct_new: { parameters: [], result: "pointer" },
  // void nfct_destroy(struct nf_conntrack *ct);
  nfct_destroy: { parameters: ["pointer"], result: "void" },
  // void nfct_set_attr(struct nf_conntrack *ct, const enum nf_conntrack_attr type, const void *value);
  nfct_set_attr: { parameters: ["pointer", "u32", "buffer"], result: "void" },
  // void nfct_set_attr_u8(struct nf_conntrack *ct, const enum nf_conntrack_attr type, uint8_t value);
  nfct_set_attr_u8: { parameters: ["pointer", "u32", "u8"], result: "void" },
  // void nfct_set_attr_u16(struct nf_conntrack *ct, const enum nf_conntrack_attr type, uint16_t value);
  nfct_set_attr_u16: { parameters: ["pointer", "u32", "u16"], result: "void" },
  // void nfct_set_attr_u32(struct nf_conntrack *ct, const enum nf_conntrack_attr type, uint32_t value);
  nfct_set_attr_u32: { parameters: ["pointer", "u32", "u32"], result: "void" },
  // int nfct_query(struct nfct_handle *h, const enum nf_conntrack_query query, const void *data);
  nfct_query: { parameters: ["pointer", "u32", "pointer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const CONNTRACK = 1;
const NFCT_Q_CREATE = 0;

/** `enum nf_conntrack_attr`; a destination's number follows its source's. */
const ATTR = {
  origIpv4: 0,
  replyIpv4: 2,
  origIpv6: 4,
  replyIpv6: 6,
  origPort: 8,
  replyPort: 10,
  icmpType: 12,
  icmpCode: 13,
  icmpId: 14,
  origL3proto: 15,
  replyL3proto: 16,
  origL4proto: 17,
  replyL4proto: 18,
  tcpState: 19,
  snatIpv4: 20,
  dnatIpv4: 21,
  timeout: 24,
  status: 32,
  zone: 61,
} as const;

/** Of `enum ip_conntrack_status`. */
const IPS_SEEN_REPLY = 1 << 1;

const AF_INET = 2;
const AF_INET6 = 10;
export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const ICMPV6 = 58;
const TCP_CONNTRACK_ESTABLISHED = 3;
const ECHO_REQUEST: Readonly<Record<number, number>> = { [ICMP]: 8, [ICMPV6]: 128 };
const HOUR_SECONDS = 3600;

/** One entry to create; addresses are text. */
export interface Entry {
  readonly protocol: number;
  readonly src: string;
  readonly dst: string;
  /** Ports, or the ICMP id in `srcPort`. */
  readonly srcPort?: number;
  readonly dstPort?: number;
  /** Where NAT sends it instead, IPv4 only. */
  readonly dnat?: string;
  /** What NAT makes of its source, IPv4 only. */
  readonly snat?: string;
  readonly zone?: number;
  /** Whether packets were seen in both directions. */
  readonly isReplied?: boolean;
  /** How long the kernel keeps it; an hour where it is left out. */
  readonly timeoutSeconds?: number;
}

/** Creates entries in the conntrack table of the network namespace it is opened in. */
export class ConntrackTable implements Disposable {
  // deno-lint-ignore oie/unsafe-only-in-ffi -- ffi/ belongs to the program, which creates no entries
  readonly #library = Deno.dlopen("libnetfilter_conntrack.so.3", symbols);
  readonly #handle: Deno.PointerObject;

  /** @throws {Error} If the kernel gives no handle, as without CAP_NET_ADMIN. */
  constructor() {
    const handle = this.#library.symbols.nfct_open(CONNTRACK, 0);
    if (handle === null) {
      this.#library.close();
      throw new Error("Cannot open a conntrack handle: run as root");
    }
    this.#handle = handle;
  }

  /** @throws {Error} If the kernel refuses an entry: the table is full, or has it already. */
  create(entries: Iterable<Entry>): void {
    for (const entry of entries) this.#create(entry);
  }

  [Symbol.dispose](): void {
    this.#library.symbols.nfct_close(this.#handle);
    this.#library.close();
  }

  #create(entry: Entry): void {
    const c = this.#library.symbols;
    const ct = c.nfct_new();
    const { protocol, src, dst, srcPort = 0, dstPort = 0 } = entry;
    const ipv6 = src.includes(":");
    const [original, reply] = ipv6
      ? [ATTR.origIpv6, ATTR.replyIpv6]
      : [ATTR.origIpv4, ATTR.replyIpv4];
    const source = addressBytes(src);
    const destination = addressBytes(dst);
    c.nfct_set_attr_u8(ct, ATTR.origL3proto, ipv6 ? AF_INET6 : AF_INET);
    c.nfct_set_attr_u8(ct, ATTR.replyL3proto, ipv6 ? AF_INET6 : AF_INET);
    c.nfct_set_attr_u8(ct, ATTR.origL4proto, protocol);
    c.nfct_set_attr_u8(ct, ATTR.replyL4proto, protocol);
    c.nfct_set_attr(ct, original, source);
    c.nfct_set_attr(ct, original + 1, destination);
    c.nfct_set_attr(ct, reply, destination);
    c.nfct_set_attr(ct, reply + 1, source);
    const echo = ECHO_REQUEST[protocol];
    if (echo === undefined) {
      c.nfct_set_attr_u16(ct, ATTR.origPort, bigEndian16(srcPort));
      c.nfct_set_attr_u16(ct, ATTR.origPort + 1, bigEndian16(dstPort));
      c.nfct_set_attr_u16(ct, ATTR.replyPort, bigEndian16(dstPort));
      c.nfct_set_attr_u16(ct, ATTR.replyPort + 1, bigEndian16(srcPort));
    } else {
      c.nfct_set_attr_u8(ct, ATTR.icmpType, echo);
      c.nfct_set_attr_u8(ct, ATTR.icmpCode, 0);
      c.nfct_set_attr_u16(ct, ATTR.icmpId, bigEndian16(srcPort));
    }
    if (protocol === TCP) c.nfct_set_attr_u8(ct, ATTR.tcpState, TCP_CONNTRACK_ESTABLISHED);
    if (entry.snat !== undefined) c.nfct_set_attr(ct, ATTR.snatIpv4, addressBytes(entry.snat));
    if (entry.dnat !== undefined) c.nfct_set_attr(ct, ATTR.dnatIpv4, addressBytes(entry.dnat));
    if (entry.zone !== undefined) c.nfct_set_attr_u16(ct, ATTR.zone, entry.zone);
    if (entry.isReplied) c.nfct_set_attr_u32(ct, ATTR.status, IPS_SEEN_REPLY);
    c.nfct_set_attr_u32(ct, ATTR.timeout, entry.timeoutSeconds ?? HOUR_SECONDS);
    const failed = c.nfct_query(this.#handle, NFCT_Q_CREATE, ct) < 0;
    c.nfct_destroy(ct);
    if (failed) throw new Error(`Cannot create ${JSON.stringify(entry)}: table full or taken`);
  }
}

/** The bytes of an address in network order. @throws {TypeError} If the text is no address. */
export function addressBytes(text: string): Uint8Array<ArrayBuffer> {
  const address = parseIpAddress(text);
  if (address === undefined) throw new TypeError(`Cannot parse ${text}: it is no address`);
  const view = new DataView(new ArrayBuffer(16));
  address.words.forEach((word, at) => view.setUint32(4 * at, word));
  return new Uint8Array(view.buffer, address.family === "ipv4" ? 12 : 0);
}

function bigEndian16(value: number): number {
  return ((value & 255) << 8) | (value >>> 8);
}
