import { parseIpAddress } from "../../lib/address/ip_address.ts";

/** libnetfilter_conntrack with the calls that change the table: for tests only. */
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
  // const void *nfct_get_attr(const struct nf_conntrack *ct, const enum nf_conntrack_attr type);
  nfct_get_attr: { parameters: ["pointer", "u32"], result: "pointer" },
  // int nfct_callback_register(struct nfct_handle *h, enum nf_conntrack_msg_type type,
  //   int (*cb)(enum nf_conntrack_msg_type type, struct nf_conntrack *ct, void *data), void *data);
  nfct_callback_register: {
    parameters: ["pointer", "u32", "function", "pointer"],
    result: "i32",
  },
  // int nfct_query(struct nfct_handle *h, const enum nf_conntrack_query query, const void *data);
  nfct_query: { parameters: ["pointer", "u32", "pointer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const CONNTRACK = 1;
const NFCT_Q_CREATE = 0;
const NFCT_Q_DUMP = 5;
const NFCT_T_ALL = 7;
const NFCT_CB_CONTINUE = 1;

// enum nf_conntrack_attr
const ATTR_ORIG_IPV4 = 0;
const ATTR_REPLY_IPV4 = 2;
const ATTR_ORIG_IPV6 = 4;
const ATTR_REPLY_IPV6 = 6;
const ATTR_ORIG_PORT = 8;
const ATTR_REPLY_PORT = 10;
const ATTR_ICMP_TYPE = 12;
const ATTR_ICMP_CODE = 13;
const ATTR_ICMP_ID = 14;
const ATTR_ORIG_L3PROTO = 15;
const ATTR_REPLY_L3PROTO = 16;
const ATTR_ORIG_L4PROTO = 17;
const ATTR_REPLY_L4PROTO = 18;
const ATTR_TCP_STATE = 19;
const ATTR_TIMEOUT = 24;
const ATTR_ZONE = 61;
const ATTR_SNAT_IPV4 = 20;
const ATTR_DNAT_IPV4 = 21;

const AF_INET = 2;
const AF_INET6 = 10;
export const TCP = 6;
export const UDP = 17;
export const ICMP = 1;
export const ICMPV6 = 58;
const TCP_CONNTRACK_ESTABLISHED = 3;
const ECHO_REQUEST: Readonly<Record<number, number>> = { [ICMP]: 8, [ICMPV6]: 128 };

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
}

/** Original and reply addresses of an entry as the library's own decoder reads them, as text of bytes. */
export type OracleEntry = readonly [src: string, dst: string, replySrc: string, replyDst: string];

/** A handle that creates entries in the table of the calling thread's network namespace. */
export class ConntrackTable implements Disposable {
  readonly #library = Deno.dlopen("libnetfilter_conntrack.so.3", symbols);
  readonly #handle: Deno.PointerObject;

  constructor() {
    const handle = this.#library.symbols.nfct_open(CONNTRACK, 0);
    if (handle === null) {
      this.#library.close();
      throw new Error("Cannot open a conntrack handle: run as root");
    }
    this.#handle = handle;
  }

  /** Creates entries that time out after an hour. */
  create(entries: Iterable<Entry>): void {
    for (const entry of entries) this.#create(entry);
  }

  /** Reads the table with the library's own decoder. */
  oracle(): OracleEntry[] {
    const entries: OracleEntry[] = [];
    const { nfct_callback_register, nfct_query } = this.#library.symbols;
    const callback = new Deno.UnsafeCallback(
      { parameters: ["u32", "pointer", "pointer"], result: "i32" },
      (_type, entry) => {
        entries.push(this.#addresses(entry));
        return NFCT_CB_CONTINUE;
      },
    );
    try {
      nfct_callback_register(this.#handle, NFCT_T_ALL, callback.pointer, null);
      const family = Deno.UnsafePointer.of(new Uint32Array([0]));
      if (nfct_query(this.#handle, NFCT_Q_DUMP, family) < 0) throw new Error("Cannot dump");
    } finally {
      callback.close();
    }
    return entries;
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
      ? [ATTR_ORIG_IPV6, ATTR_REPLY_IPV6]
      : [ATTR_ORIG_IPV4, ATTR_REPLY_IPV4];
    const source = addressBytes(src);
    const destination = addressBytes(dst);
    c.nfct_set_attr_u8(ct, ATTR_ORIG_L3PROTO, ipv6 ? AF_INET6 : AF_INET);
    c.nfct_set_attr_u8(ct, ATTR_REPLY_L3PROTO, ipv6 ? AF_INET6 : AF_INET);
    c.nfct_set_attr_u8(ct, ATTR_ORIG_L4PROTO, protocol);
    c.nfct_set_attr_u8(ct, ATTR_REPLY_L4PROTO, protocol);
    c.nfct_set_attr(ct, original, source);
    c.nfct_set_attr(ct, original + 1, destination);
    c.nfct_set_attr(ct, reply, destination);
    c.nfct_set_attr(ct, reply + 1, source);
    const echo = ECHO_REQUEST[protocol];
    if (echo === undefined) {
      c.nfct_set_attr_u16(ct, ATTR_ORIG_PORT, bigEndian16(srcPort));
      c.nfct_set_attr_u16(ct, ATTR_ORIG_PORT + 1, bigEndian16(dstPort));
      c.nfct_set_attr_u16(ct, ATTR_REPLY_PORT, bigEndian16(dstPort));
      c.nfct_set_attr_u16(ct, ATTR_REPLY_PORT + 1, bigEndian16(srcPort));
    } else {
      c.nfct_set_attr_u8(ct, ATTR_ICMP_TYPE, echo);
      c.nfct_set_attr_u8(ct, ATTR_ICMP_CODE, 0);
      c.nfct_set_attr_u16(ct, ATTR_ICMP_ID, bigEndian16(srcPort));
    }
    if (protocol === TCP) c.nfct_set_attr_u8(ct, ATTR_TCP_STATE, TCP_CONNTRACK_ESTABLISHED);
    if (entry.snat !== undefined) c.nfct_set_attr(ct, ATTR_SNAT_IPV4, addressBytes(entry.snat));
    if (entry.dnat !== undefined) c.nfct_set_attr(ct, ATTR_DNAT_IPV4, addressBytes(entry.dnat));
    if (entry.zone !== undefined) c.nfct_set_attr_u16(ct, ATTR_ZONE, entry.zone);
    c.nfct_set_attr_u32(ct, ATTR_TIMEOUT, 3600);
    const failed = c.nfct_query(this.#handle, NFCT_Q_CREATE, ct) < 0;
    c.nfct_destroy(ct);
    if (failed) throw new Error(`Cannot create ${JSON.stringify(entry)}: table full or taken`);
  }

  #addresses(entry: Deno.PointerValue): OracleEntry {
    const { nfct_get_attr } = this.#library.symbols;
    const family = new Deno.UnsafePointerView(
      nfct_get_attr(entry, ATTR_ORIG_L3PROTO) as Deno.PointerObject,
    ).getUint8();
    const [first, size] = family === AF_INET6 ? [ATTR_ORIG_IPV6, 16] : [ATTR_ORIG_IPV4, 4];
    const read = (attribute: number) => {
      const pointer = nfct_get_attr(entry, attribute) as Deno.PointerObject;
      return new Uint8Array(Deno.UnsafePointerView.getArrayBuffer(pointer, size)).join(".");
    };
    return [read(first), read(first + 1), read(first + 2), read(first + 3)];
  }
}

/** The bytes of an address in network order. */
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
