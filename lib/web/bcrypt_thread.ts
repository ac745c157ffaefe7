import type { BcryptQuestion } from "./bcrypt_worker.ts";

/** Accepted passwords are remembered elsewhere, so the thread is seldom needed for long. */
const IDLE_MS = 10_000;

/**
 * Checks passwords against bcrypt hashes on a thread of its own, which is there only while it has
 * work: one check takes a tenth of a second or more, and the main thread answers scrapes.
 */
export class BcryptThread implements Disposable {
  #worker: Worker | undefined;
  #pending: ReturnType<typeof Promise.withResolvers<boolean>> | undefined;
  #idle: ReturnType<typeof setTimeout> | undefined;

  /**
   * Whether `password` has made `hash`. One at a time: the caller waits for the answer before it
   * asks again.
   *
   * @throws {Error} If the thread failed; the next call starts another.
   */
  verify(password: string, hash: string): Promise<boolean> {
    if (this.#pending) throw new TypeError("Cannot verify: another check is not done yet");
    clearTimeout(this.#idle);
    const pending = Promise.withResolvers<boolean>();
    this.#pending = pending;
    this.#worker ??= this.#start();
    this.#worker.postMessage({ password, hash } satisfies BcryptQuestion);
    return pending.promise;
  }

  /** Ends the thread; a check that is not done fails. */
  [Symbol.dispose](): void {
    clearTimeout(this.#idle);
    this.#worker?.terminate();
    this.#worker = undefined;
    this.#settle()?.reject(new Error("Cannot verify: the thread has ended"));
  }

  #start(): Worker {
    const worker = new Worker(new URL("./bcrypt_worker.ts", import.meta.url), {
      type: "module",
      name: "bcrypt",
      deno: { permissions: "none" },
    });
    worker.onmessage = ({ data }: MessageEvent<boolean>) => {
      this.#idle = setTimeout(() => this[Symbol.dispose](), IDLE_MS);
      this.#settle()?.resolve(data);
    };
    worker.onerror = (event) => {
      event.preventDefault();
      this.#worker?.terminate();
      this.#worker = undefined;
      this.#settle()?.reject(new Error(`Cannot verify: ${event.message}`));
    };
    return worker;
  }

  #settle() {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }
}
