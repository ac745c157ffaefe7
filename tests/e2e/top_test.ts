import assert from "node:assert/strict";
import { REPOSITORY } from "../../scripts/repository.ts";
import type { NodeSnapshot } from "../../lib/live/node_schema.ts";
import { BINARY, DEMO_NODE, startExporter } from "./exporter_binary.ts";
import { RealProcess } from "./real_process.ts";
import { TerminalProgram } from "./terminal_program.ts";
import { TmuxTerminal } from "./tmux_terminal.ts";
import { freePort, waitUntil } from "./wait_until.ts";

const START_MS = 60_000;

/** The demo with real conntrack entries and a list that some of its flows are on. */
async function startDemo(folder: string) {
  const port = freePort();
  await Deno.writeTextFile(`${folder}/listed.txt`, "198.18.0.0/16\n");
  const demo = new RealProcess(Deno.execPath(), [
    ...["run", "--quiet", "--allow-all", `${REPOSITORY}/scripts/demo.ts`],
    `-web.listen-address=127.0.0.1:${port}`,
    "-collection.interval=1s",
    "-customlist.enable",
    `-customlist.path=${folder}/listed.txt`,
  ]);
  const url = `http://127.0.0.1:${port}`;
  const node = async (): Promise<NodeSnapshot> => await (await fetch(`${url}/api/v1/node`)).json();
  return {
    url,
    node,
    async ready() {
      await waitUntil("a contact", async () => {
        const { instances } = await node();
        return instances.some(({ over }) => over.includes("threat")) || undefined;
      }, { withinMs: START_MS, describe: () => demo.output });
    },
    async [Symbol.asyncDispose]() {
      // Told to end, it ends its exporter first; killed, it would leave it behind.
      await demo.stop("SIGINT", 15_000);
    },
  };
}

/** Names in the table, by the column of its heading. */
function namesOf(screen: string): string[] {
  const lines = screen.split("\n");
  const heading = lines.findIndex((line) => line.startsWith("!  "));
  const at = lines[heading]?.indexOf("NAME") ?? 0;
  return lines.slice(heading + 1).filter((line) => /^[R ][W ][C ][T ] +[\d.-]/.test(line))
    .map((line) => line.slice(at).split(" ", 1)[0] ?? "");
}

Deno.test("top sorts, filters, opens and follows real flows, and leaves the terminal as it was", async () => {
  assert.equal(Deno.uid(), 0, "the demo makes a network namespace: run it as root");
  await using terminal = await TmuxTerminal.open(120, 30);
  await using demo = await startDemo(terminal.folder);
  await demo.ready();
  await terminal.run("echo before the screen");
  const top = await TerminalProgram.start(terminal, `${BINARY} top -url=${demo.url}`);

  const table = await terminal.see("ten instances", /10 instances by CPU$/m);
  assert.match(table, /^\S+ {2}data \d+ s old {2}every 1 s/);
  assert.match(table, /^lists customlist 1$/m);
  const { instances } = await demo.node();
  assert.deepEqual(namesOf(table).sort(), instances.map(({ name }) => name).sort());
  assert.equal(await terminal.value("alternate_on"), "1");
  assert.equal(await terminal.value("cursor_flag"), "0");
  const maps = await Deno.readTextFile(`/proc/${await top.pid()}/maps`);
  assert.doesNotMatch(maps, /libvirt|libnetfilter/, "a client loads no library");

  const first = (screen: string) => namesOf(screen)[0];
  await terminal.keys("f");
  const byFlows = await terminal.see("the order by flows", /instances by flows$/m);
  const most = [...instances].sort((one, other) => (other.sum.flows ?? 0) - (one.sum.flows ?? 0));
  assert.equal(first(byFlows), most[0]?.name);
  await terminal.keys("a");
  const byName = await terminal.see("the order by name", /instances by name$/m);
  assert.deepEqual(namesOf(byName), [...namesOf(byName)].sort());
  await terminal.keys("a");
  await terminal.see("the order turned around", /by name, turned around$/m);
  await terminal.keys("t");
  await terminal.see("the order by contacts", /by contacts$/m);
  const listed = instances.find(({ over }) => over.includes("threat"));
  assert.match(await terminal.screen(), new RegExp(`^.. T .*${listed?.name}`, "m"));

  await terminal.keys("/");
  await terminal.keys("-l", "project:web-shop");
  await terminal.see("the filter as it is typed", /^\/project:web-shop/m);
  await terminal.keys("Enter");
  const shop = instances.filter(({ project }) => project.name === "web-shop");
  const filtered = await terminal.see("what matches", /matching "project:web-shop" of 10/);
  assert.deepEqual(namesOf(filtered).sort(), shop.map(({ name }) => name).sort());
  await terminal.keys("Escape");
  await terminal.see("all again", /10 instances by contacts$/m);

  await terminal.keys("a", "Home", "Down", "Enter");
  const second = instances.map(({ name }) => name).sort()[1] ?? "";
  const open = await terminal.see("its last hour", /^CPU % .*[▁▂▃▄▅▆▇█]/m);
  const chosen = instances.find(({ name }) => name === second);
  assert.match(open, new RegExp(`^${RegExp.escape(second)}( |$)`, "m"));
  assert.match(open, new RegExp(`^UUID +${chosen?.uuid} +${chosen?.domain}$`, "m"));
  assert.match(open, new RegExp(`^${chosen?.disks[0]?.device} +${chosen?.disks[0]?.tier} `, "m"));
  await terminal.keys("End");
  const end = await terminal.see("its lists", /^(customlist +out|No contact with)/m);
  assert.match(end, new RegExp(`^${chosen?.fixed_ips[0]?.ip} +\\d`, "m"));

  await terminal.resize(70, 10);
  await terminal.see("a low screen", /^ *Esc back {2}Up Down scroll.* \d+ to \d+ of \d+ lines$/m);
  await terminal.resize(140, 40);
  await terminal.see("a high screen", /^Esc back {2}Up Down scroll.* \d+ lines$/m);
  await terminal.keys("?");
  await terminal.see("the help", /^Order; the same key again turns it around$/m);
  await terminal.keys("q", "q", "q");
  const after = await top.ended(0);
  assert.match(after, /^before the screen$/m, "the screen of before is back");
});

Deno.test("top leaves the terminal as it was, whatever ends it", async () => {
  await using exporter = startExporter();
  await exporter.process.answer(`${exporter.base}/-/ready`, START_MS);
  await using terminal = await TmuxTerminal.open(100, 20);
  const compiled = `${BINARY} top -url=${exporter.base}`;
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) {
    const top = await TerminalProgram.start(terminal, compiled);
    await terminal.see("the table", /10 instances by CPU$/m);
    Deno.kill(await top.pid(), signal);
    await top.ended(0);
  }
  const interrupted = await TerminalProgram.start(terminal, compiled);
  await terminal.see("the table", /10 instances by CPU$/m);
  await terminal.keys("C-c");
  await interrupted.ended(0);

  const continued = await TerminalProgram.start(terminal, compiled);
  await terminal.see("the table", /10 instances by CPU$/m);
  const pid = await continued.pid();
  Deno.kill(pid, "SIGSTOP");
  Deno.kill(pid, "SIGCONT");
  await terminal.keys("?");
  await terminal.see("the help", /this help$/m);
  await terminal.keys("q", "q");
  await continued.ended(0);

  const defect = await TerminalProgram.start(
    terminal,
    `${Deno.execPath()} run --quiet --no-prompt --config=${REPOSITORY}/deno.json ` +
      `--permission-set=exporter --preload=${REPOSITORY}/tests/integration/throw_while_serving.ts ` +
      `${REPOSITORY}/main.ts top -url=${exporter.base}`,
  );
  await terminal.see("the table", /10 instances by CPU$/m);
  Deno.kill(await defect.pid(), "SIGUSR2");
  const after = await defect.ended(1);
  assert.match(after, /^a defect$/m, "it says why");

  const left = await TerminalProgram.start(terminal, compiled);
  await terminal.see("the table", /10 instances by CPU$/m);
  const orphan = await left.pid();
  await terminal.hangUp();
  await waitUntil("the end without a terminal", async () => {
    const status = await Deno.readTextFile(`/proc/${orphan}/status`).catch(() => "State:\tZ");
    return /^State:\t[ZX]/m.test(status) || undefined;
  }, { withinMs: START_MS });
});

Deno.test("top says that the exporter is gone or its data late, and goes on by itself", async () => {
  await using first = startExporter();
  await first.process.answer(`${first.base}/-/ready`, START_MS);
  await using terminal = await TmuxTerminal.open(100, 20);
  const top = await TerminalProgram.start(terminal, `${BINARY} top -url=${first.base} -sort=name`);
  await terminal.see("the table", /10 instances by name$/m);
  Deno.kill(first.process.pid, "SIGSTOP");
  await terminal.see("late data", /^The data is \d+ s old: the next cycle is late\.$/m);
  assert.match(await terminal.screen(), / bastion /, "what was known stays");
  Deno.kill(first.process.pid, "SIGCONT");
  await terminal.see("new data", /data 0 s old/);
  await first.process.stop("SIGTERM", START_MS);
  await terminal.see("the trouble", /^No answer for \d+ s: connection refused.*Asking again\.$/m);
  await using second = new RealProcess(BINARY, [
    `-web.listen-address=127.0.0.1:${first.port}`,
    `-libvirt.uri=test://${DEMO_NODE}`,
    "-collection.interval=500ms",
  ]);
  await waitUntil("the table again", async () => {
    const screen = await terminal.screen();
    return !screen.includes("No answer") && /10 instances by name$/m.test(screen) || undefined;
  }, { withinMs: START_MS, describe: () => second.output });
  await terminal.keys("q");
  await top.ended(0);
});

Deno.test("top goes without colours where they are not wanted, and without a screen where it cannot be", async () => {
  await using exporter = startExporter();
  await exporter.process.answer(`${exporter.base}/-/ready`, START_MS);
  await using terminal = await TmuxTerminal.open(100, 20);
  // deno-lint-ignore no-control-regex
  const colour = /\x1b\[[\d;]*[349][0-7]m/;
  for (
    const [env, isColoured] of [["-u NO_COLOR", true], ["NO_COLOR=1", false], [
      "TERM=vt220",
      false,
    ]] as const
  ) {
    const top = await TerminalProgram.start(
      terminal,
      `env ${env} ${BINARY} top -url=${exporter.base}`,
    );
    await terminal.see("the table", /10 instances by CPU$/m);
    assert.equal(colour.test(await terminal.screen({ withColours: true })), isColoured, env);
    await terminal.keys("q");
    await top.ended(0);
  }
  const dumb = await TerminalProgram.start(
    terminal,
    `env TERM=dumb ${BINARY} top -url=${exporter.base}`,
  );
  assert.match(await dumb.ended(0), /^RW? .* bastion +web-shop/m);
});
