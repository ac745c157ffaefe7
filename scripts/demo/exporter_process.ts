import { REPOSITORY, runtimeOptions } from "../repository.ts";

/** The exporter promises to be gone 5 s after it was told to. */
const STOP_TIMEOUT_MS = 6_000;

/** The exporter in a process of its own; leaving its scope ends it. */
export class ExporterProcess implements AsyncDisposable {
  readonly #child: Deno.ChildProcess;
  #running = true;

  private constructor(child: Deno.ChildProcess) {
    this.#child = child;
    void this.#child.status.then(() => this.#running = false);
  }

  /**
   * Starts it in the network namespace of this thread; what it logs goes to stderr.
   *
   * @param executable The compiled program; without it the source is run, with the same permissions.
   */
  static async start(flags: readonly string[], executable?: string): Promise<ExporterProcess> {
    const [program, args] = executable === undefined
      ? [Deno.execPath(), ["run", ...await runtimeOptions(), "main.ts", ...flags]]
      : [executable, [...flags]];
    const command = new Deno.Command(program, { args, cwd: REPOSITORY, stdin: "null" });
    return new ExporterProcess(command.spawn());
  }

  get pid(): number {
    return this.#child.pid;
  }

  /** Its exit code, once it has ended. */
  get code(): Promise<number> {
    return this.#child.status.then(({ code }) => code);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#signal("SIGTERM");
    const killer = setTimeout(() => this.#signal("SIGKILL"), STOP_TIMEOUT_MS);
    await this.#child.status;
    clearTimeout(killer);
  }

  #signal(signal: Deno.Signal): void {
    if (!this.#running) return;
    try {
      this.#child.kill(signal);
    } catch (error) {
      // It ended a moment ago.
      if (!(error instanceof TypeError)) throw error;
    }
  }
}
