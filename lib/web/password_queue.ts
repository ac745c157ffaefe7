import { sleepFor } from "../collection_loop.ts";

/** Checks one password; see {@linkcode PasswordQueue}. */
export type Verify = (password: string, hash: string) => Promise<boolean>;

interface Job {
  readonly password: string;
  readonly hash: string;
  readonly answer: ReturnType<typeof Promise.withResolvers<boolean>>;
}

export interface PasswordQueueOptions {
  /** Most checks that wait for one client, and for all. */
  readonly mostPerClient: number;
  readonly mostInAll: number;
  /** After a wrong password the thread rests for this many times the time that it took. */
  readonly restFactor: number;
  readonly nowMs: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
}

export const DEFAULT_QUEUE: PasswordQueueOptions = {
  mostPerClient: 2,
  mostInAll: 64,
  restFactor: 4,
  nowMs: () => performance.now(),
  sleep: sleepFor,
};

/**
 * Checks of passwords, one at a time and by turns of the clients, so that neither somebody who
 * guesses nor a crowd of them takes more than a part of one processor, or delays another client by
 * more than one check for each of theirs.
 */
export class PasswordQueue implements Disposable {
  readonly #verify: Verify;
  readonly #options: PasswordQueueOptions;
  readonly #jobs = new Map<string, Job[]>();
  #length = 0;
  #isRunning = false;
  readonly #end = new AbortController();

  constructor(verify: Verify, options: PasswordQueueOptions = DEFAULT_QUEUE) {
    this.#verify = verify;
    this.#options = options;
  }

  /** The outcome of a check for `client`; undefined when too many wait already. */
  check(client: string, password: string, hash: string): Promise<boolean> | undefined {
    const jobs = this.#jobs.get(client) ?? [];
    const { mostInAll, mostPerClient } = this.#options;
    if (this.#length >= mostInAll || jobs.length >= mostPerClient) return undefined;
    const answer = Promise.withResolvers<boolean>();
    jobs.push({ password, hash, answer });
    this.#jobs.set(client, jobs);
    this.#length++;
    void this.#run();
    return answer.promise;
  }

  async #run(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let job = this.#next(); job; job = this.#next()) {
      const start = this.#options.nowMs();
      let isRight = false;
      try {
        isRight = await this.#verify(job.password, job.hash);
        job.answer.resolve(isRight);
      } catch (error) {
        job.answer.reject(error);
      }
      const tookMs = this.#options.nowMs() - start;
      if (!isRight) await this.#rest(tookMs * this.#options.restFactor);
    }
    this.#isRunning = false;
  }

  /** Takes nothing more, and rests no longer. */
  [Symbol.dispose](): void {
    this.#end.abort();
  }

  async #rest(ms: number): Promise<void> {
    if (!this.#end.signal.aborted) await this.#options.sleep(ms, this.#end.signal);
  }

  /** Takes the first job of the client whose turn it is; that client goes behind the others. */
  #next(): Job | undefined {
    if (this.#end.signal.aborted) return undefined;
    for (const [client, jobs] of this.#jobs) {
      const job = jobs.shift();
      this.#jobs.delete(client);
      if (jobs.length > 0) this.#jobs.set(client, jobs);
      if (!job) continue;
      this.#length--;
      return job;
    }
    return undefined;
  }
}
