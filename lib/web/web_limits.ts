/** What clients may take of this program. Counts of 0 are without limit; times are milliseconds. */
export interface WebLimits {
  /** Open connections: -web.max-connections. */
  readonly maxConnections: number;
  /** Answers being sent: -web.max-requests. */
  readonly maxRequests: number;
  /** Answers on their way on one connection, as HTTP/2 allows; beyond them it is ended. */
  readonly answersPerConnection: number;
  /** While more connections are open than this, each ends with its answer. */
  readonly keptConnections: number;
  /** From the start of a connection to the end of its first request's head, TLS included. */
  readonly headMs: number;
  /** From the end of an answer to the next request. */
  readonly idleMs: number;
  /** From the end of an answer that was said to be the last. */
  readonly lingerMs: number;
  /** For an answer that makes no progress. */
  readonly stallMs: number;
  /** For a whole answer, with the decision who is let in. */
  readonly answerMs: number;
  /** No progress for so long, and any other client gets the place where all answers are taken. */
  readonly yieldMs: number;
  /** Most bytes of a client that no request came of. */
  readonly strayBytes: number;
  /** Fewer bytes acknowledged than this are no progress. */
  readonly progressBytes: number;
  /** An answer of which no more than this is left is as good as sent: its last acknowledgement may wait. */
  readonly tailBytes: number;
}

/**
 * The idle time is above the longest usual scrape interval, and the time of an answer above Prometheus'
 * longest usual time-out. A lost packet costs 200 ms, so less is no stall. The head of a request has a
 * few hundred bytes; the tail is two segments of the loopback interface. A connection that is kept costs up
 * to half a megabyte of the runtime's buffers (28 that had got 5 MB each: 13 MiB).
 * A browser that shows a page of ours fetches two things at once.
 */
export const DEFAULT_LIMITS = {
  answersPerConnection: 4,
  keptConnections: 32,
  headMs: 10_000,
  idleMs: 180_000,
  lingerMs: 1_000,
  stallMs: 10_000,
  answerMs: 60_000,
  yieldMs: 500,
  strayBytes: 64 * 1024,
  progressBytes: 16 * 1024,
  tailBytes: 128 * 1024,
} as const satisfies Partial<WebLimits>;
