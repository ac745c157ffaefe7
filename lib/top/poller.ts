import { AnswerError, type FreshSnapshot, type NodeClient } from "./node_client.ts";

/** What a cycle takes until it is served, and what two clocks differ by. */
const MARGIN_MS = 250;
const RETRY_MS = 2_000;

/**
 * How long to wait for the next cycle after an answer: until it is due, or where it is overdue, a tenth
 * of the interval.
 */
export function waitMs({ snapshot, ageMs }: FreshSnapshot): number {
  const intervalMs = 1000 * snapshot.cycle.interval_seconds;
  const dueMs = ageMs === undefined ? 0 : intervalMs - ageMs;
  return Math.max(MARGIN_MS, intervalMs / 10, Math.min(intervalMs, dueMs) + MARGIN_MS);
}

/** Asks for each cycle once it is due, until `signal`. */
export async function poll(
  client: Pick<NodeClient, "snapshot">,
  { first, signal, fresh, failed }: {
    /** What was answered already. */
    readonly first: FreshSnapshot;
    readonly signal: AbortSignal;
    readonly fresh: (snapshot: FreshSnapshot) => void;
    readonly failed: (reason: string) => void;
  },
): Promise<void> {
  let pauseMs = waitMs(first);
  for (;;) {
    await pause(pauseMs, signal);
    if (signal.aborted) return;
    try {
      const answer = await client.snapshot();
      pauseMs = waitMs(answer);
      fresh(answer);
    } catch (error) {
      if (signal.aborted) return;
      if (!(error instanceof AnswerError)) throw error;
      pauseMs = RETRY_MS;
      failed(error.message);
    }
  }
}

function pause(forMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, forMs);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    }, { once: true });
  });
}
