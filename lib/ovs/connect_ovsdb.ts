import type { OvsdbConnection } from "./ovsdb_connection.ts";

/** Connects to the database. @throws {Error} If it cannot; the message says the path and why. */
export async function connectOvsdb(path: string): Promise<OvsdbConnection> {
  try {
    const connection = await Deno.connect({ transport: "unix", path });
    let isOpen = true;
    return {
      read: (buffer) => connection.read(buffer),
      write: (bytes) => connection.write(bytes),
      close() {
        if (isOpen) connection.close();
        isOpen = false;
      },
    };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot connect to ${path}: ${reason}`);
  }
}
