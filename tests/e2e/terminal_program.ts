import assert from "node:assert/strict";
import type { TmuxTerminal } from "./tmux_terminal.ts";
import { waitUntil } from "./wait_until.ts";

/** A program that runs in a terminal, and what the terminal was before. */
export class TerminalProgram {
  static #count = 0;
  readonly #terminal: TmuxTerminal;
  readonly #number = ++TerminalProgram.#count;

  private constructor(terminal: TmuxTerminal) {
    this.#terminal = terminal;
  }

  /** Has the terminal's shell start it. */
  static async start(terminal: TmuxTerminal, command: string): Promise<TerminalProgram> {
    const program = new TerminalProgram(terminal);
    const { folder } = terminal;
    for (const name of ["pid", "after"]) {
      await Deno.remove(`${folder}/${name}`).catch(() => undefined);
    }
    await Deno.writeTextFile(
      `${folder}/run`,
      `stty -g >${folder}/before
sh -c 'echo $$ >${folder}/pid; exec ${command}'
code=$?
stty -g >${folder}/after
echo "program ${program.#number} ended with $code"
`,
    );
    await terminal.run(`. ${folder}/run`);
    return program;
  }

  async pid(): Promise<number> {
    return await waitUntil("the process id", async () => {
      const pid = Number(await Deno.readTextFile(`${this.#terminal.folder}/pid`));
      return pid > 0 ? pid : undefined;
    }, { withinMs: 10_000 });
  }

  /** Waits for its end, and holds the terminal against what it was before. Returns the screen. */
  async ended(code: number): Promise<string> {
    const terminal = this.#terminal;
    const screen = await terminal.see(
      "the end",
      new RegExp(`^program ${this.#number} ended with ${code}$`, "m"),
    );
    const state = async (name: string) => await Deno.readTextFile(`${terminal.folder}/${name}`);
    assert.equal(await state("after"), await state("before"), "the terminal's line is as before");
    const names = ["alternate_on", "cursor_flag", "wrap_flag", "insert_flag", "keypad_flag"];
    const values = await Promise.all(names.map((name) => terminal.value(name)));
    assert.deepEqual(values, ["0", "1", "1", "0", "0"], names.join(" "));
    return screen;
  }
}
