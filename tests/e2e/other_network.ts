/** A network namespace beside that of the calling thread, held by a process that waits in it. Needs root. */
export class OtherNetwork implements AsyncDisposable {
  readonly #holder: Deno.ChildProcess;

  private constructor(holder: Deno.ChildProcess) {
    this.#holder = holder;
  }

  static async make(): Promise<OtherNetwork> {
    // It waits for the end of its input, so that nothing is left when whoever made it is killed.
    const holder = new Deno.Command("unshare", {
      args: ["--net", "sh", "-c", "exec cat >/dev/null"],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    // Its output ends once it is in the new namespace: before, one would meet the old one there.
    await new Response(holder.stdout).arrayBuffer();
    return new OtherNetwork(holder);
  }

  /** A process in it, for which `ip` takes the namespace. */
  get pid(): number {
    return this.#holder.pid;
  }

  /** A command that runs another one in it; the process is that one then. */
  get enter(): readonly [program: string, ...args: string[]] {
    return ["nsenter", `--net=/proc/${this.pid}/ns/net`];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#holder.stdin.close();
    await this.#holder.status;
  }
}
