import { reportCrashes } from "../crash.ts";
import { COLOURS, NO_COLOURS } from "../screen/ansi.ts";
import { KeyDecoder } from "../screen/keys.ts";
import { screen } from "../screen/screen.ts";
import { step, type TopEvent } from "../screen/step.ts";
import { beginTop, type TopState } from "../screen/top_state.ts";
import { AnswerError, type FreshSnapshot, type NodeClient } from "./node_client.ts";
import { Painter } from "./painter.ts";
import { poll } from "./poller.ts";
import { Terminal } from "./terminal.ts";
import type { TopOptions } from "./top_command.ts";

const TICK_MS = 1_000;
/** A terminal sends the letters of one key within that, over a slow line too. */
const ESCAPE_MS = 60;
const KEY_BYTES = 1024;

/**
 * Shows the node until the user has enough, or a signal, or the terminal is gone. Whatever ends it, the
 * terminal is as it was.
 *
 * @throws {Error} If the program has a defect.
 */
export async function showScreen(
  { sort, filter }: TopOptions,
  { client, first, hasColours }: {
    readonly client: NodeClient;
    readonly first: FreshSnapshot;
    readonly hasColours: boolean;
  },
): Promise<void> {
  const ended = Promise.withResolvers<void>();
  reportCrashes(globalThis, ended.reject);
  const stop = new AbortController();
  const now = () => performance.now();
  using terminal = new Terminal();
  const painter = new Painter(hasColours ? COLOURS : NO_COLOURS);
  let state = beginTop({
    size: terminal.size,
    nowMs: now(),
    reception: { ...first, atMs: now() },
    sort,
    filter,
  });
  const happen = (event: TopEvent) => {
    const before = state;
    state = step(state, event);
    if (state.hasEnded) return ended.resolve();
    if (wantsHistory(state, before, event)) void remember(state.chosen ?? "").catch(ended.reject);
    draw();
  };
  const draw = () => {
    try {
      terminal.write(painter.paint(screen(state), state.size.columns));
    } catch (error) {
      if (!isClosed(error)) throw error;
      ended.resolve();
    }
  };
  const remember = async (uuid: string) => {
    try {
      happen({ kind: "history", uuid, history: await client.history(uuid) });
    } catch (error) {
      // The next snapshot tells that nobody answers.
      if (!(error instanceof AnswerError)) throw error;
    }
  };
  const listeners: readonly (readonly [Deno.Signal, () => void])[] = [
    ["SIGTERM", ended.resolve],
    ["SIGINT", ended.resolve],
    ["SIGHUP", ended.resolve],
    ["SIGWINCH", () => {
      painter.forget();
      happen({ kind: "resize", size: terminal.size });
    }],
    // A shell has given the terminal its own ways meanwhile.
    ["SIGCONT", () => {
      painter.forget();
      terminal.enter();
      draw();
    }],
  ];
  for (const [signal, listener] of listeners) Deno.addSignalListener(signal, listener);
  const ticks = setInterval(() => happen({ kind: "tick", nowMs: now() }), TICK_MS);
  try {
    terminal.enter();
    draw();
    readKeys((key) => {
      if (key === "redraw") painter.forget();
      happen({ kind: "key", key });
    }).then(ended.resolve, ended.reject);
    poll(client, {
      first,
      signal: stop.signal,
      fresh: (snapshot) => happen({ kind: "snapshot", reception: { ...snapshot, atMs: now() } }),
      failed: (reason) => happen({ kind: "trouble", reason, nowMs: now() }),
    }).catch(ended.reject);
    await ended.promise;
  } finally {
    stop.abort();
    clearInterval(ticks);
    for (const [signal, listener] of listeners) Deno.removeSignalListener(signal, listener);
  }
}

/** An instance that was opened needs its history, and while it is open each cycle makes it longer. */
function wantsHistory(state: TopState, before: TopState, event: TopEvent): boolean {
  if (state.view !== "instance") return false;
  return before.view === "table" || (event.kind === "snapshot" &&
    event.reception.snapshot.cycle.collected_at !== before.reception.snapshot.cycle.collected_at);
}

/** Hands on each key until the terminal has no more. */
async function readKeys(pressed: (key: string) => void): Promise<void> {
  const decoder = new KeyDecoder();
  const bytes = new Uint8Array(KEY_BYTES);
  let timer: ReturnType<typeof setTimeout> | undefined;
  for (;;) {
    const length = await Deno.stdin.read(bytes);
    clearTimeout(timer);
    if (length === null) return;
    decoder.push(bytes.subarray(0, length)).forEach(pressed);
    if (decoder.isWaiting) timer = setTimeout(() => decoder.flush().forEach(pressed), ESCAPE_MS);
  }
}

/** Whether it says that nobody is at the other end. */
export function isClosed(error: unknown): boolean {
  return error instanceof Deno.errors.BrokenPipe ||
    (error instanceof Error && /\(os error 5\)|Input\/output error/.test(error.message));
}
