import type { WebLimits } from "./web_limits.ts";

/** What the kernel says of a connection. */
export interface SeenConnection {
  /** The client's address and port. */
  readonly client: string;
  readonly fd: number;
  /** Since the start of the connection. */
  readonly bytesReceived: number;
  readonly bytesAcked: number;
  /** What the kernel was given and the client has not acknowledged. */
  readonly bytesQueued: number;
}

/** Why a connection is ended. */
export type CutReason =
  | "no request"
  | "idle"
  | "not reading"
  | "answer takes too long"
  | "bytes that are no request"
  | "port of another connection"
  | "connections beyond the limit"
  | "answers beyond the limit"
  | "no descriptor is left";

/** Is told how a request goes on; each once, in this order. */
export interface RequestProgress {
  /** How many bytes the body of its answer has, and whether the connection ends with it. */
  answered(bodyBytes: number, isLast?: boolean): void;
  /** That the kernel has got the answer, or the server has given it up. */
  handedOver(): void;
}

/** A request from when the handler hears of it until the kernel has got its answer. */
interface OpenRequest {
  readonly beganMs: number;
  /** undefined before it is answered. */
  bodyBytes: number | undefined;
  isLast: boolean;
  isHandedOver: boolean;
}

/**
 * One client's connection: what the kernel says, joined with what the server tells. The server knows
 * which answers it still holds, those that wait for room in a stream of HTTP/2 included; the kernel, how
 * much of the others the client has not acknowledged.
 */
export class Connection {
  /** undefined before the first look. */
  fd: number | undefined;
  hasAsked = false;
  /** Whether it asked for more than it may hold at once. */
  hasOverasked = false;
  /** Since when it has owed a request; meaningless while it is busy. */
  waitingMs: number;
  #requests: OpenRequest[] = [];
  #queued = 0;
  #acked = 0;
  #received = 0;
  #receivedBefore = 0;
  #hasHeardLast = false;
  /** Whether a request came since the kernel was last asked. */
  #isFresh = false;
  /** When the kernel last had nothing for the client. */
  #emptyMs: number;
  #progressAcked = 0;
  #progressMs: number;

  constructor(nowMs: number) {
    this.waitingMs = nowMs;
    this.#emptyMs = nowMs;
    this.#progressMs = nowMs;
  }

  /** A whole head of a request has come. */
  begin(nowMs: number): RequestProgress {
    const request: OpenRequest = {
      beganMs: nowMs,
      bodyBytes: undefined,
      isLast: false,
      isHandedOver: false,
    };
    if (!this.isBusy) this.#progressMs = nowMs;
    this.#requests.push(request);
    this.hasAsked = true;
    this.#isFresh = true;
    return {
      answered(bodyBytes, isLast = false) {
        request.bodyBytes = bodyBytes;
        request.isLast = isLast;
      },
      handedOver() {
        request.isHandedOver = true;
      },
    };
  }

  /** Whether the kernel's counters can be those of this connection, not of a later one of the same client. */
  fits({ fd, bytesAcked, bytesReceived }: SeenConnection): boolean {
    return (this.fd ?? fd) === fd && bytesAcked >= this.#acked &&
      bytesReceived >= this.#received;
  }

  /** The later one, which requests came from since the kernel was last asked. */
  successor(nowMs: number): Connection {
    const later = new Connection(nowMs);
    later.#requests = this.#requests;
    later.hasAsked = later.#isFresh = this.#isFresh;
    return later;
  }

  update(seen: SeenConnection, nowMs: number): void {
    const wasBusy = this.isBusy;
    this.fd = seen.fd;
    this.#queued = seen.bytesQueued;
    if (this.#queued === 0) this.#emptyMs = nowMs;
    this.#acked = seen.bytesAcked;
    this.#received = seen.bytesReceived;
    this.#hasHeardLast ||= this.#requests.some(({ isLast }) => isLast);
    this.#requests = this.#requests.filter(({ isHandedOver }) => !isHandedOver);
    if (this.#isFresh) this.#receivedBefore = this.#received;
    this.#isFresh = false;
    if (wasBusy && !this.isBusy) this.waitingMs = nowMs;
  }

  /** Marks progress if there was enough of it since the last mark. */
  markProgress(nowMs: number, leastBytes: number): void {
    if (this.isBusy && this.#acked - this.#progressAcked < leastBytes) return;
    this.#progressAcked = this.#acked;
    this.#progressMs = nowMs;
  }

  /** Whether its client still has to get something, as far as is known. */
  get isBusy(): boolean {
    return this.hasAsked && (this.#requests.length > 0 || this.#queued > 0);
  }

  /** Whether more than the tail of an answer has not reached the client. */
  isAnswering(tailBytes: number): boolean {
    return this.#queued > tailBytes ||
      this.#requests.some(({ bodyBytes = 0, isHandedOver }) =>
        !isHandedOver && bodyBytes > tailBytes
      );
  }

  /** Answers that the server holds. */
  get held(): number {
    return this.#requests.filter(({ bodyBytes, isHandedOver }) =>
      bodyBytes !== undefined && !isHandedOver
    ).length;
  }

  /** Answers longer than the tail that the kernel has got since it was last asked: it may have delivered them. */
  unseen(tailBytes: number): number {
    return this.#requests.filter(({ bodyBytes = 0, isHandedOver }) =>
      isHandedOver && bodyBytes > tailBytes
    ).length;
  }

  /** How long its answer has made no progress. */
  stalledMs(nowMs: number): number {
    return nowMs - this.#progressMs;
  }

  /** Why it has to end, if it has. */
  overdue(limits: WebLimits, nowMs: number): CutReason | undefined {
    if (this.#received - this.#receivedBefore > limits.strayBytes) {
      return "bytes that are no request";
    }
    if (!this.isBusy) {
      const waitedMs = nowMs - this.waitingMs;
      // Not every version of the runtime ends a connection of which it sent that it would.
      if (this.#hasHeardLast && waitedMs > limits.lingerMs) return "idle";
      if (this.hasAsked) return waitedMs > limits.idleMs ? "idle" : undefined;
      if (waitedMs <= limits.headMs) return undefined;
      // A browser opens connections in advance and may never use them.
      return this.#received === 0 ? "idle" : "no request";
    }
    const sinceMs = Math.min(
      ...this.#requests.map(({ beganMs }) => beganMs),
      this.#queued > 0 ? this.#emptyMs : Infinity,
    );
    if (nowMs - sinceMs > limits.answerMs) return "answer takes too long";
    const isDecided = this.#requests.every(({ bodyBytes }) => bodyBytes !== undefined);
    if (isDecided && this.stalledMs(nowMs) > limits.stallMs) return "not reading";
    return undefined;
  }
}
