import { waitUntil } from "./wait_until.ts";

const WITHIN_MS = 30_000;

/** A real terminal with a shell in it, under a tmux server of its own; leaving its scope ends both. */
export class TmuxTerminal implements AsyncDisposable {
  readonly #socket: string;
  /** Where its socket and the test's files lie. */
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.#socket = `${folder}/tmux`;
  }

  /** Opens a terminal of so many columns and rows; `env` is for the shell. */
  static async open(
    columns: number,
    rows: number,
    env: Readonly<Record<string, string>> = {},
  ): Promise<TmuxTerminal> {
    const folder = await Deno.makeTempDir({ prefix: "oie-tmux-" });
    await using stack = new AsyncDisposableStack();
    const terminal = stack.use(new TmuxTerminal(folder));
    const settings = Object.entries({ ENV: "", ...env }).flatMap((
      [name, value],
    ) => ["-e", `${name}=${value}`]);
    const size = ["-x", String(columns), "-y", String(rows)];
    await terminal.#tmux("new-session", "-d", ...size, ...settings, "sh");
    await terminal.see("the shell's prompt", /^[$#]/m);
    stack.move();
    return terminal;
  }

  /** Types text, then Enter. */
  async run(command: string): Promise<void> {
    await this.#tmux("send-keys", "-l", command);
    await this.keys("Enter");
  }

  /** Presses keys by tmux' names, such as `Down`, `C-c` or `x`. */
  async keys(...names: readonly string[]): Promise<void> {
    await this.#tmux("send-keys", ...names);
  }

  async resize(columns: number, rows: number): Promise<void> {
    await this.#tmux("resize-window", "-x", String(columns), "-y", String(rows));
  }

  /** What is on the screen; with colours, and blanks at the ends of lines, where they are wanted. */
  async screen({ withColours = false } = {}): Promise<string> {
    return await this.#tmux("capture-pane", "-p", ...withColours ? ["-e", "-N"] : []);
  }

  /** A value of tmux' formats, such as `alternate_on`. */
  async value(name: string): Promise<string> {
    return (await this.#tmux("display-message", "-p", `#{${name}}`)).trimEnd();
  }

  /** Waits for something on the screen. @throws {Error} If it does not come; with the screen. */
  async see(what: string, pattern: RegExp, withinMs = WITHIN_MS): Promise<string> {
    let screen = "";
    return await waitUntil(what, async () => {
      screen = await this.screen();
      return pattern.test(screen) ? screen : undefined;
    }, { withinMs, describe: () => screen });
  }

  /** Ends the terminal under whatever runs in it, as a broken connection does. */
  async hangUp(): Promise<void> {
    await this.#tmux("kill-server");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // It may have ended already.
    await this.hangUp().catch(() => undefined);
    await Deno.remove(this.folder, { recursive: true });
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const { success, stdout, stderr } = await new Deno.Command("tmux", {
      args: ["-S", this.#socket, "-f", "/dev/null", "-u", ...args],
      env: { LC_ALL: "C.UTF-8" },
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    if (!success) throw new Error(`Cannot run tmux ${args[0]}: ${decoder.decode(stderr)}`);
    return decoder.decode(stdout);
  }
}
