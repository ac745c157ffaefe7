/// <reference lib="dom" />
import type { InstanceHistory, NodeHistory } from "../live/history_schema.ts";
import type { NodeSnapshot } from "../live/node_schema.ts";
import { withShownNames } from "../screen/shown_names.ts";
import type { Contact } from "./freshness.ts";
import { nextAskMs, retryMs } from "./schedule.ts";

const TIMEOUT_MS = 10_000;
/** Relative to the page, which may stand behind a proxy under another path. */
const NODE = "api/v1/node";
const HISTORY = "api/v1/history";

/** A snapshot, and how old its data was when it came. */
export interface Received {
  readonly snapshot: NodeSnapshot;
  /** Of `performance.now`. */
  readonly atMs: number;
  /** By the exporter's own clock; undefined where it has no data yet. */
  readonly ageMs: number | undefined;
}

/** Asks for the newest snapshot once a cycle, and again and again where no answer comes. */
export class NodeFeed {
  readonly #changed: () => void;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #tag = "";
  #isAsking = false;
  #failures = 0;
  contact: Contact = { kind: "waiting" };
  received: Received | undefined;

  /** @param changed Called after each answer and each failure. */
  constructor(changed: () => void) {
    this.#changed = changed;
    document.addEventListener("visibilitychange", () => {
      // Nobody looks: no request. Whoever looks again sees the newest.
      if (document.hidden) clearTimeout(this.#timer);
      else void this.ask();
    });
  }

  /** Asks now. */
  async ask(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    clearTimeout(this.#timer);
    const waitMs = await this.#askOnce().catch((error: unknown) => this.#failed(error));
    this.#isAsking = false;
    if (!document.hidden) this.#timer = setTimeout(() => void this.ask(), waitMs);
    this.#changed();
  }

  /** Milliseconds from now to the next asking. */
  async #askOnce(): Promise<number> {
    const response = await fetch(NODE, {
      headers: this.#tag === "" ? {} : { "if-none-match": this.#tag },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const isNew = response.status !== 304;
    if (isNew) {
      if (!response.ok) throw new Error(refusal(response));
      const answered: NodeSnapshot = await response.json();
      const snapshot = withShownNames(answered);
      this.#tag = response.headers.get("etag") ?? "";
      this.received = {
        snapshot,
        atMs: performance.now(),
        ageMs: ageMs(snapshot, response.headers.get("date")),
      };
    }
    this.#failures = 0;
    this.contact = { kind: "answers" };
    const intervalMs = 1000 * (this.received?.snapshot.cycle.interval_seconds ?? 10);
    return nextAskMs({ intervalMs, isNew, ageMs: this.received?.ageMs });
  }

  #failed(error: unknown): number {
    const nowMs = performance.now();
    const waitMs = retryMs(this.#failures++);
    this.contact = {
      kind: "lost",
      sinceMs: this.contact.kind === "lost" ? this.contact.sinceMs : nowMs,
      retryAtMs: nowMs + waitMs,
      reason: reasonOf(error),
    };
    return waitMs;
  }
}

/** Why there is no history: nothing is remembered, or the exporter does not answer. */
export type NoHistory = "nothing" | "no answer";

/** Asks for the newest points of every instance. */
export function fetchNodeHistory(): Promise<NodeHistory | NoHistory> {
  return fetchHistory(HISTORY);
}

/** Asks for the history of one instance. */
export function fetchInstanceHistory(uuid: string): Promise<InstanceHistory | NoHistory> {
  return fetchHistory(`api/v1/instances/${uuid}/history`);
}

async function fetchHistory<T>(path: string): Promise<T | NoHistory> {
  try {
    const response = await fetch(path, { signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (response.ok) return await response.json();
    return response.status === 404 ? "nothing" : "no answer";
  } catch {
    // The next asking for a snapshot tells of it.
    return "no answer";
  }
}

function ageMs({ cycle }: NodeSnapshot, date: string | null): number | undefined {
  if (cycle.collected_at === null) return undefined;
  // Both times are of the exporter's host: the clock of whoever looks may be anywhere.
  const now = Date.parse(date ?? "");
  return Number.isNaN(now) ? 0 : Math.max(0, now - 1000 * cycle.collected_at);
}

function refusal({ status }: Response): string {
  if (status === 401) return "it wants a password: reload the page";
  return status === 503 ? "it is busy, status 503" : `status ${status}`;
}

function reasonOf(error: unknown): string {
  if (error instanceof DOMException && error.name === "TimeoutError") return "it takes too long";
  if (error instanceof TypeError) return "no connection";
  return error instanceof Error ? error.message : String(error);
}
