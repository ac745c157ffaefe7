import type { LoopClock } from "../collection_loop.ts";

/** Tells one state of a file from another: its identity, size and time; "" while it is missing. */
async function stateOf(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtime } = await Deno.stat(path);
    return `${dev} ${ino} ${size} ${mtime?.getTime()}`;
  } catch {
    // Missing or out of reach: reading it says which.
    return "";
  }
}

/**
 * Calls back whenever a file changed, by looking at it again and again: that sees a file that an
 * editor replaced, a link that points elsewhere, and changes on a network file system. A change is
 * told once the file stayed the same for one interval, so that it is not read half written.
 */
export async function watchFile(path: string, changed: () => void, options: {
  readonly intervalMs: number;
  readonly clock: LoopClock;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { intervalMs, clock, signal } = options;
  let told = await stateOf(path);
  let seen = told;
  while (!signal.aborted) {
    await clock.sleep(intervalMs, signal);
    const state = await stateOf(path);
    if (signal.aborted) return;
    const isSettled = state === seen;
    seen = state;
    if (!isSettled || state === told) continue;
    told = state;
    changed();
  }
}
