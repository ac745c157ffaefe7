import type { OvsdbConnection } from "./ovsdb_connection.ts";
import { unusable } from "./ovsdb_error.ts";
import { type Echo, ECHO_REQUEST } from "./ovsdb_messages.ts";

/** What a message takes in the buffer of a Unix socket beside its bytes. */
const MESSAGE_OVERHEAD = 1024;
/** Less than such a buffer holds: `net.core.wmem_default` is 208 KiB. */
const MOST_UNREAD = 128 * 1024;
/** Databases ask for an echo of nothing. */
const LONGEST_ECHO = 64 * 1024;

/**
 * What is said to the database. Nobody waits until it is written: where the database does not read, a
 * write ends only with its process, and keeps the connection open for as long. So no more is said than
 * the socket has room for.
 */
export class OvsdbWriter {
  readonly #connection: OvsdbConnection;
  #writing: Promise<void> = Promise.resolve();
  /** Bytes with overhead: what was given to be written, what was written, what the database has read. */
  #given = 0;
  #written = 0;
  #read = 0;
  /** What had been given with the echo that the database was asked for, while it has not answered. */
  #asked: number | undefined;

  constructor(connection: OvsdbConnection) {
    this.#connection = connection;
  }

  send(message: unknown): void {
    this.#send(bytesOf(message));
  }

  /** Asks the database whether it is there, unless it has yet to answer that. */
  ask(): void {
    if (this.#asked !== undefined) return;
    this.send(ECHO_REQUEST);
    this.#asked = this.#given;
  }

  /** The database has answered what it was asked: all that was said before, it has read. */
  answered(): void {
    const asked = this.#asked;
    this.#asked = undefined;
    // It can make up an answer, but not read what is not written.
    if (asked === undefined || asked > this.#written) return;
    this.#read = asked;
    if (this.#unread > 0) this.ask();
  }

  /**
   * Answers the database's own echo.
   *
   * @throws {OvsdbError} If that is long, or one of many whose answers it may not have read.
   */
  echo({ id, params }: Echo): void {
    const bytes = bytesOf({ id, result: params, error: null });
    if (bytes.length > LONGEST_ECHO) {
      throw unusable(`it asks for an echo of more than ${LONGEST_ECHO} bytes`);
    }
    if (this.#unread + bytes.length > MOST_UNREAD) {
      throw unusable("it asks for echo after echo, and answers none");
    }
    this.#send(bytes);
    this.ask();
  }

  /** The most that the database may not have read yet. */
  get #unread(): number {
    return this.#given - this.#read;
  }

  #send(bytes: Uint8Array): void {
    this.#given += bytes.length + MESSAGE_OVERHEAD;
    // Where it cannot be written, reading fails too, and says so.
    this.#writing = this.#writing.then(() => this.#write(bytes)).catch(() => {});
  }

  async #write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      at += await this.#connection.write(bytes.subarray(at));
    }
    this.#written += bytes.length + MESSAGE_OVERHEAD;
  }
}

function bytesOf(message: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(message));
}
