import type { PortZones } from "../conntrack/port_zones.ts";
import { JsonFramer } from "./json_framer.ts";
import { OvsdbError, unusable } from "./ovsdb_error.ts";
import { ZoneRows } from "./zone_rows.ts";

/** A connection to the database; `Deno.UnixConn` is one. */
export interface OvsdbConnection {
  /** Bytes read into the buffer; null at the end. */
  read(buffer: Uint8Array): Promise<number | null>;
  write(bytes: Uint8Array): Promise<number>;
  /** Ends it: what reads or writes then fails. */
  close(): void;
}

/** Far more than the zones of 65,535 ports take. */
const LONGEST_MESSAGE = 16 * 1024 * 1024;
const READ_BYTES = 64 * 1024;

/** After so long without a sign of life the database is asked for one, and once more it is dead. */
export const PROBE_AFTER_MS = 5_000;

const MONITOR = "zones";
const PROBE = "probe";
/** RFC 7047, 4.1.5: the rows of these columns now, and each time one of them changes. */
const MONITOR_REQUEST = {
  method: "monitor",
  params: ["Open_vSwitch", MONITOR, { Bridge: { columns: ["external_ids"] } }],
  id: MONITOR,
};
const PROBE_REQUEST = { method: "echo", params: [], id: PROBE };

/**
 * Follows the zones in the database over one connection until it ends, and closes it.
 *
 * @param onZones is told all zones at first and after each change.
 * @throws {OvsdbError} Always in the end: the database went away, gave no answer, or spoke nonsense.
 */
export async function followZones(
  connection: OvsdbConnection,
  onZones: (zones: PortZones) => void,
  probeAfterMs = PROBE_AFTER_MS,
): Promise<never> {
  let silent = false;
  let isProbed = false;
  const send = async (message: unknown) => {
    let bytes = new TextEncoder().encode(JSON.stringify(message));
    while (bytes.length > 0) bytes = bytes.subarray(await connection.write(bytes));
  };
  const onSilence = () => {
    silent = isProbed;
    if (silent) return connection.close();
    isProbed = true;
    // Where it cannot be sent the reading fails too, and says so.
    send(PROBE_REQUEST).catch(() => {});
    timer = setTimeout(onSilence, probeAfterMs);
  };
  let timer = setTimeout(onSilence, probeAfterMs);
  const rows = new ZoneRows();
  let isFollowed = false;
  const framer = new JsonFramer(LONGEST_MESSAGE);
  const buffer = new Uint8Array(READ_BYTES);
  try {
    await send(MONITOR_REQUEST);
    for (;;) {
      const length = await connection.read(buffer);
      if (length === null) throw new OvsdbError("Open vSwitch's database closed the connection");
      for (const message of framer.push(buffer.subarray(0, length))) {
        const updates = updatesOf(message);
        if (updates !== undefined) {
          rows.update(updates);
          onZones(rows.zones());
          isFollowed = true;
        }
        if (isFollowed && (updates !== undefined || isEcho(message))) {
          clearTimeout(timer);
          isProbed = false;
          timer = setTimeout(onSilence, probeAfterMs);
        }
        const answer = answerTo(message);
        if (answer !== undefined) await send(answer);
      }
    }
  } catch (error) {
    if (silent) {
      throw new OvsdbError(
        `Open vSwitch's database gave no answer for ${2 * probeAfterMs / 1000} s`,
      );
    }
    throw error;
  } finally {
    clearTimeout(timer);
    if (!silent) connection.close();
  }
}

/** The rows that a message tells; undefined where it tells none. */
function updatesOf(message: unknown): unknown {
  const { id, method, params, result, error } = fieldsOf(message);
  if (method === "update" && Array.isArray(params) && params[0] === MONITOR) return params[1];
  if (method !== undefined || id !== MONITOR) return undefined;
  if (error !== undefined && error !== null) {
    throw unusable(`it refuses the monitor: ${JSON.stringify(error).slice(0, 200)}`);
  }
  return result;
}

/** Whether it is the answer to the probe, or a probe of the database's own. */
function isEcho(message: unknown): boolean {
  const { id, method } = fieldsOf(message);
  return method === "echo" || (method === undefined && id === PROBE);
}

/** What a message wants to hear: only `echo` is answered (RFC 7047, 4.1.11). */
function answerTo(message: unknown): unknown {
  const { id, method, params } = fieldsOf(message);
  return method === "echo" && id !== null ? { id, result: params, error: null } : undefined;
}

function fieldsOf(message: unknown): Readonly<Partial<Record<string, unknown>>> {
  return typeof message === "object" && message !== null ? { ...message } : {};
}
