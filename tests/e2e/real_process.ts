import { noteFamilies } from "./seen_families.ts";
import { waitUntil } from "./wait_until.ts";

/** How a process ended. */
export interface Ended {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly stdout: string;
  readonly stderr: string;
  /** From the start, or from the signal that {@link RealProcess.stop} sent, in milliseconds. */
  readonly tookMs: number;
}

/** A process that a test started; leaving its scope kills it, and only it. */
export class RealProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  readonly #texts: [string, string] = ["", ""];
  readonly #done: Promise<Deno.CommandStatus>;
  #status: Deno.CommandStatus | undefined;
  #from = performance.now();

  constructor(
    program: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) {
    this.#child = new Deno.Command(program, {
      args: [...args],
      env: { ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#done = Promise.all([
      this.#child.status,
      this.#keep(this.#child.stdout, 0),
      this.#keep(this.#child.stderr, 1),
    ]).then(([status]) => {
      this.#status = status;
      return status;
    });
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** What it has written so far, and how it ended if it has. */
  get output(): string {
    const text = this.#texts.join("");
    if (this.#status === undefined) return text;
    const { code, signal } = this.#status;
    return `${text}(It ended with ${signal ?? `code ${code}`}.)\n`;
  }

  /** Waits for its end by itself, killing it after `withinMs`: then the signal tells. */
  async end(withinMs: number): Promise<Ended> {
    const killer = setTimeout(() => this.#kill("SIGKILL"), withinMs);
    const { code, signal } = await this.#done;
    clearTimeout(killer);
    const [stdout, stderr] = this.#texts;
    return { code, signal, stdout, stderr, tookMs: performance.now() - this.#from };
  }

  /** Sends `signal` and waits for the end. */
  async stop(signal: Deno.Signal, withinMs: number): Promise<Ended> {
    this.#from = performance.now();
    this.#kill(signal);
    return await this.end(withinMs);
  }

  /**
   * Body of the first answer with status 200 from `url`.
   *
   * @throws {Error} If none came within `withinMs`, or the process ended before; with its output.
   */
  async answer(url: string, withinMs: number): Promise<string> {
    const body = await waitUntil(`an answer of ${url}`, async () => {
      if (this.#status !== undefined) return null;
      const response = await fetch(url);
      const body = await response.text();
      if (response.status !== 200) throw new Error(`status ${response.status}: ${body}`);
      if (body.startsWith("# HELP ")) await noteFamilies(body);
      return body;
    }, { withinMs, describe: () => this.output });
    if (body === null) throw new Error(`Cannot ask ${url}: the process ended\n${this.output}`);
    return body;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL", 10_000);
  }

  #kill(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      // It has ended already.
      if (!(error instanceof TypeError) && !(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  async #keep(stream: ReadableStream<Uint8Array>, index: 0 | 1): Promise<void> {
    const decoder = new TextDecoder();
    for await (const chunk of stream) this.#texts[index] += decoder.decode(chunk, { stream: true });
  }
}
