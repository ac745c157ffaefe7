const CHUNK_BYTES = 64 * 1024;

/**
 * Hands each connection of the listener on to a port of 127.0.0.1, byte by byte, until the listener
 * is closed. The listener may belong to another network namespace than this thread.
 */
export async function serveBridge(listener: Deno.Listener, port: number): Promise<void> {
  for await (const outer of listener) void bridge(outer, port);
}

async function bridge(outer: Deno.Conn, port: number): Promise<void> {
  using _outer = outer;
  try {
    using inner = await Deno.connect({ hostname: "127.0.0.1", port });
    await Promise.all([pump(outer, inner), pump(inner, outer)]);
  } catch {
    // One side went away: leaving the scope tells the other one.
  }
}

/** Copies what `from` sends until it ends, and ends `to` likewise. */
async function pump(from: Deno.Conn, to: Deno.Conn): Promise<void> {
  const chunk = new Uint8Array(CHUNK_BYTES);
  for (;;) {
    const length = await from.read(chunk);
    if (length === null) return await to.closeWrite();
    for (let at = 0; at < length;) at += await to.write(chunk.subarray(at, length));
  }
}
