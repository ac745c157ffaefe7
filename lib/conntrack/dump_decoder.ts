import { decodeCounters } from "./counters_decoder.ts";
import { createFlow, type EntrySource, type FlowSink } from "./flow.ts";
import { decodeFlow, LITTLE_ENDIAN } from "./flow_decoder.ts";
import { decodePorts } from "./ports_decoder.ts";
import { NetlinkError, type NetlinkErrorKind } from "./netlink_error.ts";

/** `struct nlmsghdr {u32 len; u16 type; u16 flags; u32 seq; u32 pid}` of linux/netlink.h. */
const MESSAGE_HEADER = 16;
/** `struct nfgenmsg {u8 family; u8 version; be16 res_id}` before the attributes of an entry. */
const ENTRY_HEADER = 4;

const NLMSG_NOOP = 1;
const NLMSG_ERROR = 2;
const NLMSG_DONE = 3;
const NLMSG_OVERRUN = 4;
/** `NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW`: one entry of the table. */
const CONNTRACK_ENTRY = 0x100;

const NLM_F_DUMP_INTR = 0x10;

const EPERM = 1;

/**
 * Decodes the kernel's answer to one conntrack dump, datagram by datagram, which all lie in the
 * same buffer. Any bytes whatsoever give entries or a {@link NetlinkError}.
 */
export class DumpDecoder implements EntrySource {
  readonly #view: DataView;
  readonly #flow = createFlow();
  readonly #readsCounters: boolean;
  #portId = 0;
  #sequence: number | undefined;
  /** Where the attributes of the newest entry lie. */
  #entryStart = 0;
  #entryEnd = 0;

  /**
   * @param options `counters` reads ids and counters of entries too.
   * @throws {RangeError} If the buffer's size is no multiple of 4, netlink's alignment.
   */
  constructor(buffer: Uint8Array, options: { readonly counters?: boolean } = {}) {
    this.#readsCounters = options.counters ?? false;
    if (buffer.byteLength % 4 !== 0) {
      throw new RangeError(
        `Cannot decode a buffer of ${buffer.byteLength} bytes: use a multiple of 4`,
      );
    }
    this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength);
  }

  /** Forgets the dump before. `portId` is the netlink port id of the socket that asks. */
  begin(portId: number): void {
    this.#portId = portId;
    this.#sequence = undefined;
  }

  /**
   * Hands the entries of one datagram to the sink.
   *
   * @param length of the datagram in bytes; `start` is its place in the buffer, a multiple of 4.
   * @returns true once the dump has been read to its end.
   * @throws {NetlinkError} If the dump cannot be used; entries handed over before then are void.
   */
  decode(length: number, sink: FlowSink, start = 0): boolean {
    const view = this.#view;
    const flow = this.#flow;
    if (length < MESSAGE_HEADER || length > view.byteLength - start) {
      throw unusable("malformed", `a datagram cannot have ${length} bytes`);
    }
    const end = start + length;
    for (let at = start; at < end;) {
      const size = this.#checkHeader(at, end);
      const type = view.getUint16(at + 4, LITTLE_ENDIAN);
      if (type === CONNTRACK_ENTRY) {
        const start = at + MESSAGE_HEADER + ENTRY_HEADER;
        decodeFlow(view, start, at + size, flow);
        if (this.#readsCounters) decodeCounters(view, start, at + size, flow);
        this.#entryStart = start;
        this.#entryEnd = at + size;
        sink.flow(flow, this);
      } else if (type === NLMSG_DONE) {
        this.#checkResult(at, size);
        return true;
      } else if (type === NLMSG_ERROR) {
        this.#checkResult(at, size);
        throw unusable("foreign", "the kernel acknowledged what was not asked for");
      } else if (type === NLMSG_OVERRUN) {
        throw unusable("interrupted", "the kernel lost a part of it");
      } else if (type !== NLMSG_NOOP) {
        throw unusable("foreign", `a message of type ${type} is no conntrack entry`);
      }
      at += (size + 3) & ~3;
    }
    return false;
  }

  /** @throws {NetlinkError} If an attribute of the entry is malformed. */
  readPorts(): void {
    decodePorts(this.#view, this.#entryStart, this.#entryEnd, this.#flow);
  }

  /** Length of the message at `at`, which is of this dump and lies wholly in the datagram. */
  #checkHeader(at: number, end: number): number {
    const view = this.#view;
    if (end - at < MESSAGE_HEADER) throw unusable("malformed", "a message is cut off");
    const size = view.getUint32(at, LITTLE_ENDIAN);
    if (size < MESSAGE_HEADER || size > end - at) {
      throw unusable("malformed", "a message's length is wrong");
    }
    const sequence = view.getUint32(at + 8, LITTLE_ENDIAN);
    if (sequence !== (this.#sequence ??= sequence)) {
      throw unusable("foreign", "a message belongs to another request");
    }
    if (view.getUint32(at + 12, LITTLE_ENDIAN) !== this.#portId) {
      throw unusable("foreign", "a message is for another socket");
    }
    if ((view.getUint16(at + 6, LITTLE_ENDIAN) & NLM_F_DUMP_INTR) !== 0) {
      throw unusable("interrupted", "the table changed during the dump");
    }
    return size;
  }

  /** Reads the result of NLMSG_ERROR and NLMSG_DONE: 0, or an error number with its sign turned. */
  #checkResult(at: number, size: number): void {
    if (size < MESSAGE_HEADER + 4) throw unusable("malformed", "a result is missing");
    const result = this.#view.getInt32(at + MESSAGE_HEADER, LITTLE_ENDIAN);
    if (result === 0) return;
    throw refused(-result);
  }
}

function unusable(kind: NetlinkErrorKind, what: string): NetlinkError {
  return new NetlinkError(kind, `Cannot use the conntrack dump: ${what}`);
}

function refused(errno: number): NetlinkError {
  const reason = errno === EPERM
    ? "the kernel does not permit it (EPERM): grant CAP_NET_ADMIN"
    : `the kernel answered with errno ${errno}`;
  return new NetlinkError("refused", `Cannot read the conntrack table: ${reason}`, errno);
}
