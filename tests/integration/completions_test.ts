import assert from "node:assert/strict";
import { FLAGS } from "../../lib/config/flags.ts";
import { CHECK_KINDS, TOP } from "../../lib/config/subcommands.ts";
import { LOG_LEVELS } from "../../lib/log/logger.ts";
import { REPOSITORY } from "../../scripts/repository.ts";

const PROGRAM = "openstack_instance_exporter";
const FOLDER = `${REPOSITORY}/packaging/completions`;

async function output(program: string, args: readonly string[]): Promise<string> {
  const { stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd: REPOSITORY,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  assert.equal(decoder.decode(stderr), "");
  return decoder.decode(stdout);
}

const sorted = (words: readonly string[]) => [...words].sort();
const lines = (text: string) => sorted(text.split("\n").filter((line) => line !== ""));

/** The words behind the program's name, the last one being completed, and what is offered. */
const CASES: readonly (readonly [readonly string[], readonly string[]])[] = [
  [["-"], [...FLAGS.map(({ name }) => `-${name}`), "-h"]],
  [["-log.f"], ["-log.format", "-log.file.enable", "-log.file.path"]],
  [["-outbound.behavior.enable", "-cpu.m"], ["-cpu.min"]],
  [["-log.level", ""], LOG_LEVELS],
  [["-spamhaus.direction", "a"], ["any"]],
  [["-log.file.path", "deno.j"], ["deno.json"]],
  [["-cpu.min", ""], []],
  [["chec"], ["check-list"]],
  [["check-list", "deno.l"], ["deno.lock"]],
  [["check-list", "deno.lock", "-"], ["-kind"]],
  [["check-list", "-kind", ""], CHECK_KINDS],
  [["to"], ["top"]],
  [["top", "-"], TOP.flags.map(({ name }) => `-${name}`)],
  [["top", "-once", "-s"], ["-sort"]],
  [["top", "-sort", "f"], ["flows"]],
  [["top", "-ca.file", "deno.l"], ["deno.lock"]],
  [["top", "-filter", ""], []],
  [["top", "deno.l"], []],
];

/** What bash splits at "=", and what two hyphens do. */
const BASH_CASES: typeof CASES = [
  ...CASES,
  [["-log.format", "=", ""], ["json", "logfmt"]],
  [["-log.format", "="], ["json", "logfmt"]],
  [["-tor.exit.enable", "=", "t"], ["true"]],
  [["--log.f"], ["--log.format", "--log.file.enable", "--log.file.path"]],
  [["--log.format", ""], ["json", "logfmt"]],
  [["check-list", "-kind", "=", "pl"], ["plain"]],
  [["top", "-sort", "=", "pr"], ["project"]],
  [["top", "-json", "=", "t"], ["true"]],
];

Deno.test("bash completes flags, their values, files and subcommands", async () => {
  const script = `source "$0"; COMP_WORDS=(${PROGRAM} "$@"); COMP_CWORD=$#; _${PROGRAM}; ` +
    `for reply in "\${COMPREPLY[@]}"; do echo "$reply"; done`;
  const file = `${FOLDER}/${PROGRAM}.bash`;
  const seen = await Promise.all(
    BASH_CASES.map(async ([words]) => lines(await output("bash", ["-c", script, file, ...words]))),
  );
  assert.deepEqual(seen, BASH_CASES.map(([, offered]) => sorted(offered)));
});

Deno.test("fish completes flags, their values, files and subcommands", async () => {
  const script = `source $argv[1]; complete -C $argv[2] | string split -f1 \\t`;
  const file = `${FOLDER}/${PROGRAM}.fish`;
  const seen = await Promise.all(CASES.map(async ([words]) => {
    const line = [PROGRAM, ...words].join(" ");
    return lines(await output("fish", ["--no-config", "-c", script, file, line]));
  }));
  assert.deepEqual(seen, CASES.map(([, offered]) => sorted(offered)));
});

/**
 * An interactive zsh in a terminal of its own: the first line loads the completions, each further one is
 * typed with a Tab and then given to a program that prints what it became.
 */
const ZSH = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1= PS2= RPS1=; setopt no_list_ambiguous; fpath=($1 \\$fpath); autoload -Uz compinit; compinit -D -u"
zpty -w shell "${PROGRAM}() { print -r -- 'became <'\\"\\$*\\"'>' }; print load''ed"
zpty -r -m shell line '*loaded*'
shift
for typed; do
  zpty -w -n shell "${PROGRAM} $typed"$'\\t\\n'
  zpty -r -m shell line '*became <*>*'
  print -r -- "\${\${line##*became <}%%>*}"
done
zpty -d shell
`;

Deno.test("zsh completes flags, their values, files and subcommands", async () => {
  const cases: readonly (readonly [string, string])[] = [
    ["-log.le", "-log.level"],
    ["-log.level=no", "-log.level=notice"],
    ["-log.format js", "-log.format json"],
    [
      "-outbound.behavior.enable -spamhaus.direction=a",
      "-outbound.behavior.enable -spamhaus.direction=any",
    ],
    ["-tor.exit.enable=t", "-tor.exit.enable=true"],
    ["-log.file.path=deno.js", "-log.file.path=deno.json"],
    ["chec", "check-list"],
    ["check-list deno.l", "check-list deno.lock"],
    ["check-list -kind=pl", "check-list -kind=plain"],
    ["to", "top"],
    ["top -once -sort=fl", "top -once -sort=flows"],
    ["top -password.file=deno.js", "top -password.file=deno.json"],
  ];
  const typed = cases.map(([line]) => line);
  const became = await output("zsh", ["-f", "-c", ZSH, "zsh", FOLDER, ...typed]);
  assert.deepEqual(
    became.trimEnd().split("\n").map((line) => line.trimEnd()),
    cases.map(([, line]) => line),
  );
});
