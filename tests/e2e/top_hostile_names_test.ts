import assert from "node:assert/strict";
import { widthOf } from "../../lib/screen/fit.ts";
import { instance, snapshot } from "../screen/snapshots.ts";
import { BINARY } from "./exporter_binary.ts";
import { TerminalProgram } from "./terminal_program.ts";
import { TmuxTerminal } from "./tmux_terminal.ts";

/** What a tenant would call an instance to reach the operator's terminal, and what it may become. */
const NAMES = [
  ["\x1b]2;owned\x07title", "�]2;owned�title"],
  ["\x9d2;owned\x9ctitle", "�2;owned�title"],
  ["\x1b[?1049l\x1b[2J\x1b[Hhome", "�[?1049l�[2J�[Hhome"],
  ["\x9b2J\x9bHhome", "�2J�Hhome"],
  ["\x1bPq#0\x1b\\\x1b[c", "�Pq#0�\\�[c"],
  ["down\n\n\n\x0b\x0c\x85", "down������"],
  ["back\x08\x08\x08\r", "back����"],
  ["bidi\u202e\u2066gpj", "bidigpj"],
  ["東京タワー", "東京タワー"],
  ["한국👩‍🚀❤️", "한국👩🚀❤"],
  [`z\u0337\u0321\u031ba\u0334l${"\u0336".repeat(99)}go`, "zalgo"],
] as const;

Deno.test("top shows hostile names in a real terminal as text, in their columns", async () => {
  const instances = NAMES.map(([name], at) =>
    instance(at, { name, project: { uuid: "", name: `project-${at}` } })
  );
  await using server = Deno.serve(
    { port: 0, hostname: "127.0.0.1", onListen() {} },
    () => Response.json(snapshot(instances)),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  await using terminal = await TmuxTerminal.open(110, 24);
  const title = await terminal.value("pane_title");
  const top = await TerminalProgram.start(terminal, `${BINARY} top -url=${url}`);
  const screen = await terminal.see("the table", /11 instances by CPU$/m);
  const lines = screen.split("\n");
  const column = lines[4]?.indexOf("PROJECT");
  NAMES.forEach(([name, shown], at) => {
    const line = lines.find((line) => new RegExp(` project-${at}( |$)`).test(line)) ?? "";
    assert.ok(line.replace(/\p{M}/gu, "").includes(shown), `${JSON.stringify(name)}: ${line}`);
    const before = line.slice(0, line.indexOf(`project-${at}`));
    // Of one emoji the terminal may think otherwise: the column is right all the same.
    if (!shown.includes("❤")) assert.equal(widthOf(before), column, line);
  });
  assert.equal(await terminal.value("pane_title"), title);
  assert.equal(await terminal.value("alternate_on"), "1");
  await terminal.keys("Enter");
  await terminal.see("the first instance", /^�\[\?1049l�\[2J�\[Hhome$|^UUID /m);
  await terminal.keys("q", "q");
  await top.ended(0);
});
