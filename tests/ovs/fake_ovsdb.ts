import type { OvsdbConnection } from "../../lib/ovs/ovsdb_connection.ts";

/** A database that a test plays: it says what it is told to, and keeps what it hears. */
export class FakeOvsdb implements OvsdbConnection {
  readonly heard: unknown[] = [];
  /** How often it was closed from the other side. */
  closed = 0;
  /** Whether it has stopped to read: what is written then waits for ever. */
  isDeaf = false;
  readonly #pieces: Uint8Array[] = [];
  #waiting = Promise.withResolvers<void>();
  #isOver = false;

  /** Says bytes; anything but bytes is said as JSON. */
  say(message: unknown): void {
    const bytes = message instanceof Uint8Array
      ? message
      : new TextEncoder().encode(JSON.stringify(message));
    this.#pieces.push(bytes);
    this.#wake();
  }

  /** Ends the connection from its side. */
  end(): void {
    this.#isOver = true;
    this.#wake();
  }

  async read(buffer: Uint8Array): Promise<number | null> {
    for (;;) {
      if (this.closed > 0) throw new Error("closed");
      const piece = this.#pieces.shift();
      if (piece !== undefined) {
        const length = Math.min(piece.length, buffer.length);
        buffer.set(piece.subarray(0, length));
        if (length < piece.length) this.#pieces.unshift(piece.subarray(length));
        return length;
      }
      if (this.#isOver) return null;
      this.#waiting = Promise.withResolvers();
      await this.#waiting.promise;
    }
  }

  /** Takes three bytes at a time at most, as a socket may. */
  write(bytes: Uint8Array): Promise<number> {
    if (this.isDeaf) return Promise.withResolvers<number>().promise;
    this.#text += new TextDecoder().decode(bytes.subarray(0, 3));
    try {
      this.heard.push(JSON.parse(this.#text));
      this.#text = "";
    } catch {
      // Not all of the message yet.
    }
    return Promise.resolve(Math.min(3, bytes.length));
  }
  #text = "";

  close(): void {
    this.closed++;
    this.#wake();
  }

  #wake(): void {
    this.#waiting.resolve();
  }
}

/** The `<table-updates>` of bridges with these texts in `external_ids`; null is a deleted one. */
export function bridges(
  rows: Readonly<Record<string, Readonly<Record<string, string>> | null>>,
): unknown {
  return {
    Bridge: Object.fromEntries(
      Object.entries(rows).map(([uuid, ids]) => [
        uuid,
        ids === null ? { old: {} } : { new: { external_ids: ["map", Object.entries(ids)] } },
      ]),
    ),
  };
}

/** The answer to the monitor's request. */
export function initial(rows: Parameters<typeof bridges>[0]): unknown {
  return { id: "zones", error: null, result: bridges(rows) };
}

/** A later change. */
export function update(rows: Parameters<typeof bridges>[0]): unknown {
  return { id: null, method: "update", params: ["zones", bridges(rows)] };
}
