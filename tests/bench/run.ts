// deno task bench [--smoke] [--only=NAME]: compiles the program and runs every benchmark, each in a process
// of its own so that no heap bears the traces of another, and holds the figures against their bars. With
// --smoke the sizes are small and no bar judges: it shows that the benchmarks run.
import { pathToFileURL } from "node:url";
import { compile } from "../../scripts/compile.ts";
import { runtimeOptions } from "../../scripts/repository.ts";
import { NATIVE_TARGET } from "../e2e/exporter_binary.ts";
import type { Bench, BenchRow } from "./bench.ts";
import { formatRows } from "./table.ts";

const FOLDER = import.meta.dirname ?? ".";
const CHILD = "--child=";

interface Choice {
  readonly smoke: boolean;
  readonly only: string | undefined;
}

function parseArguments(args: readonly string[]): Choice {
  let smoke = false;
  let only: string | undefined;
  for (const arg of args) {
    const name = /^--only=(.+)$/.exec(arg)?.[1];
    if (arg === "--smoke") smoke = true;
    else if (name !== undefined) only = name;
    else {throw new SyntaxError(
        `Cannot parse argument "${arg}": the flags are --smoke, --only=NAME`,
      );}
  }
  return { smoke, only };
}

function benchNames(): string[] {
  return [...Deno.readDirSync(FOLDER)]
    .flatMap(({ name }) => /^(.+)_bench\.ts$/.exec(name)?.[1] ?? [])
    .sort();
}

/** Runs one benchmark in a process of its own. @throws {Error} If it cannot say its figures. */
async function runApart(name: string, smoke: boolean): Promise<readonly BenchRow[]> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      // V8 works as it does in the exporter, and lets a benchmark collect what is dead.
      ...(await runtimeOptions()).filter((option) => option.startsWith("--v8-flags="))
        .map((option) => `${option},--expose-gc`),
      "--allow-all",
      import.meta.filename ?? "",
      `${CHILD}${name}`,
      ...smoke ? ["--smoke"] : [],
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot run benchmark "${name}": see above`);
  return JSON.parse(new TextDecoder().decode(stdout));
}

async function runHere(name: string, smoke: boolean): Promise<void> {
  const url = pathToFileURL(`${FOLDER}/${name}_bench.ts`).href;
  const { default: bench }: { default: Bench } = await import(url);
  console.log(JSON.stringify(await bench.run({ smoke })));
}

async function main({ smoke, only }: Choice): Promise<boolean> {
  const names = benchNames();
  if (only !== undefined && !names.includes(only)) {
    throw new SyntaxError(`Cannot find benchmark "${only}": there are ${names.join(", ")}`);
  }
  await compile(NATIVE_TARGET, console.error);
  const rows: BenchRow[] = [];
  let failed = false;
  for (const name of names) {
    if (only !== undefined && name !== only) continue;
    console.error(`running ${name}`);
    try {
      rows.push(...await runApart(name, smoke));
    } catch (error) {
      console.error(error instanceof Error ? error.message : String(error));
      failed = true;
    }
  }
  console.log(formatRows(rows, { judge: !smoke }));
  return !failed && (smoke || rows.every(({ pass }) => pass));
}

if (import.meta.main) {
  const [first, ...rest] = Deno.args;
  try {
    if (first?.startsWith(CHILD)) {
      await runHere(first.slice(CHILD.length), rest.includes("--smoke"));
    } else Deno.exit(await main(parseArguments(Deno.args)) ? 0 : 1);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    console.error(error.message);
    Deno.exit(2);
  }
}
