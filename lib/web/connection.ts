import type { WebLimits } from "./web_limits.ts";

/** What the kernel says of a connection. */
export interface SeenConnection {
  /** The client's address and port. */
  readonly client: string;
  readonly fd: number;
  /** Since the start of the connection. */
  readonly bytesReceived: number;
  readonly bytesAcked: number;
  /** Whether bytes wait for the client to take them. */
  readonly isSending: boolean;
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
  /** That the server has handed the answer to the kernel, or has given it up. */
  handedOver(): void;
}

/** A request from when the handler hears of it until its answer is acknowledged. */
interface OpenRequest {
  readonly beganMs: number;
  /** Of all that is owed, the part after which this answer is at its end; undefined before it is given. */
  endsAt: number | undefined;
  /** Whether the kernel got the answer since it was last asked. */
  isHandedOver: boolean;
}

/**
 * One client's connection: what the kernel says, joined with what the handler tells. An answer counts as
 * delivered when the client has acknowledged as many bytes as its body has. Heads of answers and TLS make
 * more of them, so a delivery is never noticed too late, and too early only by those bytes.
 */
export class Connection {
  /** undefined before the first look. */
  fd: number | undefined;
  hasAsked = false;
  /** Since when it has owed a request; meaningless while it is busy. */
  waitingMs: number;
  #requests: OpenRequest[] = [];
  /** Bytes of bodies since the count began, and what was acknowledged before that. */
  #owed = 0;
  #ackedBefore = 0;
  #acked = 0;
  #received = 0;
  #receivedBefore = 0;
  #isSending = false;
  #hasHeardLast = false;
  #isFresh = false;
  #progressAcked = 0;
  #progressMs: number;

  constructor(nowMs: number) {
    this.waitingMs = nowMs;
    this.#progressMs = nowMs;
  }

  /** A whole head of a request has come. */
  begin(nowMs: number): RequestProgress {
    const request: OpenRequest = { beganMs: nowMs, endsAt: undefined, isHandedOver: false };
    if (!this.isBusy) this.#progressMs = nowMs;
    this.#requests.push(request);
    this.hasAsked = true;
    this.#isFresh = true;
    return {
      answered: (bodyBytes, isLast = false) => {
        // What heads made it look delivered beyond bodies must not stand for a body to come.
        this.#owed = Math.max(this.#owed, this.#acked - this.#ackedBefore) + bodyBytes;
        this.#hasHeardLast ||= isLast;
        request.endsAt = this.#owed;
      },
      handedOver: () => {
        request.isHandedOver = true;
      },
    };
  }

  /** Whether the kernel's counters can be those of this connection, not of a later one of the same client. */
  fits({ fd, bytesAcked, bytesReceived }: SeenConnection): boolean {
    return (this.fd ?? fd) === fd && bytesAcked >= this.#acked &&
      bytesReceived >= this.#received;
  }

  update(seen: SeenConnection, nowMs: number): void {
    const wasBusy = this.isBusy;
    this.fd = seen.fd;
    this.#isSending = seen.isSending;
    this.#acked = seen.bytesAcked;
    this.#received = seen.bytesReceived;
    const delivered = this.#acked - this.#ackedBefore;
    this.#requests = this.#requests.filter(({ endsAt }) =>
      endsAt === undefined || endsAt > delivered
    );
    for (const request of this.#requests) request.isHandedOver = false;
    if (this.#isFresh) this.#receivedBefore = this.#received;
    this.#isFresh = false;
    if (!this.isBusy) {
      if (wasBusy) this.waitingMs = nowMs;
      this.#owed = 0;
      this.#ackedBefore = this.#acked;
    }
  }

  /** Marks progress if there was enough of it since the last mark. */
  markProgress(nowMs: number, leastBytes: number): void {
    if (this.isBusy && this.#acked - this.#progressAcked < leastBytes) return;
    this.#progressAcked = this.#acked;
    this.#progressMs = nowMs;
  }

  /** Whether it has a request that is not answered, or an answer that is not delivered. */
  get isBusy(): boolean {
    return this.hasAsked && (this.#requests.length > 0 || this.#isSending);
  }

  /** Bytes of answers that the client has not acknowledged. */
  get undelivered(): number {
    return Math.max(0, this.#owed - (this.#acked - this.#ackedBefore));
  }

  /** Answers of which the client has not acknowledged all. */
  get unfinished(): number {
    return this.#requests.filter(({ endsAt }) => endsAt !== undefined).length;
  }

  /** Whether the kernel has got all its answers, and was not asked since what the client has of them. */
  get isHandedOver(): boolean {
    return this.#requests.every(({ isHandedOver }) => isHandedOver);
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
    const [oldest] = this.#requests;
    if (oldest && nowMs - oldest.beganMs > limits.answerMs) return "answer takes too long";
    const isDecided = this.#requests.every(({ endsAt }) => endsAt !== undefined);
    if (isDecided && this.stalledMs(nowMs) > limits.stallMs) return "not reading";
    return undefined;
  }
}
