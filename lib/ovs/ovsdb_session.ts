import type { LoopClock } from "../collection_loop.ts";
import { JsonFramer } from "./json_framer.ts";
import type { OvsdbConnection } from "./ovsdb_connection.ts";
import { OvsdbError } from "./ovsdb_error.ts";
import { MONITOR_REQUEST, readMessage } from "./ovsdb_messages.ts";
import { OvsdbWriter } from "./ovsdb_writer.ts";
import { Silence } from "./silence.ts";
import { ZoneRows } from "./zone_rows.ts";

/** Far more than the zones of 65,535 ports take. */
const LONGEST_MESSAGE = 16 * 1024 * 1024;
const READ_BYTES = 64 * 1024;

/** After so long without a sign of life the database is asked for one, and once more it is dead. */
const PROBE_AFTER_MS = 5_000;

/** What {@link followZones} needs beside a connection. */
export interface FollowOptions {
  readonly clock: LoopClock;
  readonly probeAfterMs?: number | undefined;
}

/**
 * Follows the zones in the database over one connection until it ends, and closes it.
 *
 * @param onRows is told at first and after each change; the rows are the same each time, and change.
 * @throws {OvsdbError} Always in the end: the database went away, gave no answer, or spoke nonsense.
 */
export async function followZones(
  connection: OvsdbConnection,
  onRows: (rows: ZoneRows) => void,
  { clock, probeAfterMs = PROBE_AFTER_MS }: FollowOptions,
): Promise<never> {
  const writer = new OvsdbWriter(connection);
  const silence = new Silence(clock, probeAfterMs);
  const over = new AbortController();
  let isSilent = false;
  silence.fall(() => writer.ask(), over.signal).then(() => {
    isSilent = !over.signal.aborted;
    if (isSilent) connection.close();
  });
  const rows = new ZoneRows();
  let isFollowed = false;
  const take = (message: unknown) => {
    const said = readMessage(message);
    if (said.type === "echo") writer.echo(said.echo);
    if (said.type === "answer") writer.answered();
    if (said.type === "rows") {
      rows.update(said.updates);
      onRows(rows);
      isFollowed = true;
    }
    // Zones are what it is there for, and an echo of its own does not say that it hears.
    if (isFollowed && (said.type === "rows" || said.type === "answer")) silence.end();
  };
  const framer = new JsonFramer(LONGEST_MESSAGE);
  const buffer = new Uint8Array(READ_BYTES);
  try {
    writer.send(MONITOR_REQUEST);
    for (;;) {
      const length = await connection.read(buffer);
      if (length === null) throw new OvsdbError("Open vSwitch's database closed the connection");
      for (const message of framer.push(buffer.subarray(0, length))) take(message);
    }
  } catch (error) {
    if (isSilent) {
      throw new OvsdbError(
        `Open vSwitch's database gave no answer for ${2 * probeAfterMs / 1000} s`,
      );
    }
    throw error;
  } finally {
    over.abort();
    if (!isSilent) connection.close();
  }
}
