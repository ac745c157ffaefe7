import { ConntrackTable as CreatingTable } from "../../scripts/demo/conntrack_table.ts";

export { addressBytes, ICMP, ICMPV6, TCP, UDP } from "../../scripts/demo/conntrack_table.ts";
export type { Entry } from "../../scripts/demo/conntrack_table.ts";

/** libnetfilter_conntrack with its own decoder: what the program's decoder is held against. */
const symbols = {
  // struct nfct_handle *nfct_open(uint8_t subsys_id, unsigned subscriptions);
  nfct_open: { parameters: ["u8", "u32"], result: "pointer" },
  // int nfct_close(struct nfct_handle *cth);
  nfct_close: { parameters: ["pointer"], result: "i32" },
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

type Symbols = Deno.DynamicLibrary<typeof symbols>["symbols"];

const CONNTRACK = 1;
const NFCT_Q_DUMP = 5;
const NFCT_T_ALL = 7;
const NFCT_CB_CONTINUE = 1;
const AF_INET6 = 10;

// enum nf_conntrack_attr
const ATTR_ORIG_IPV4 = 0;
const ATTR_ORIG_IPV6 = 4;
const ATTR_ORIG_L3PROTO = 15;

/** Original and reply addresses of an entry as the library's own decoder reads them, as text of bytes. */
export type OracleEntry = readonly [src: string, dst: string, replySrc: string, replyDst: string];

/** The table of the calling thread's network namespace: creates entries, and reads them back. */
export class ConntrackTable extends CreatingTable {
  /** Reads the table with the library's own decoder. */
  oracle(): OracleEntry[] {
    const entries: OracleEntry[] = [];
    const library = Deno.dlopen("libnetfilter_conntrack.so.3", symbols);
    const c = library.symbols;
    const handle = c.nfct_open(CONNTRACK, 0);
    const callback = new Deno.UnsafeCallback(
      { parameters: ["u32", "pointer", "pointer"], result: "i32" },
      (_type, entry) => {
        entries.push(addressesOf(c, entry));
        return NFCT_CB_CONTINUE;
      },
    );
    try {
      if (handle === null) throw new Error("Cannot open a conntrack handle: run as root");
      c.nfct_callback_register(handle, NFCT_T_ALL, callback.pointer, null);
      const family = Deno.UnsafePointer.of(new Uint32Array([0]));
      if (c.nfct_query(handle, NFCT_Q_DUMP, family) < 0) throw new Error("Cannot dump");
    } finally {
      if (handle !== null) c.nfct_close(handle);
      callback.close();
      library.close();
    }
    return entries;
  }
}

function addressesOf({ nfct_get_attr }: Symbols, entry: Deno.PointerValue): OracleEntry {
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
