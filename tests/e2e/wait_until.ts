/**
 * Asks `probe` until it answers something, and returns that.
 *
 * @throws {Error} If it has not within `withinMs`; with what `describe` says, or the last error.
 */
export async function waitUntil<T>(
  what: string,
  probe: () => Promise<T | undefined>,
  { withinMs, describe }: { readonly withinMs: number; readonly describe?: () => string },
): Promise<T> {
  const deadline = performance.now() + withinMs;
  let last = "nothing";
  for (;;) {
    try {
      const answer = await probe();
      if (answer !== undefined) return answer;
      last = "none that fits";
    } catch (error) {
      last = String(error);
    }
    if (performance.now() > deadline) {
      const more = describe === undefined ? "" : `\n${describe()}`;
      throw new Error(
        `Cannot see ${what} within ${withinMs} ms: the last answer was ${last}${more}`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** A TCP port of 127.0.0.1 that nobody uses at this moment. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return (listener.addr as Deno.NetAddr).port;
}
