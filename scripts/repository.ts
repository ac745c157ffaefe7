import { dirname } from "node:path";

/** Absolute path of this repository, without a slash at its end. */
export const REPOSITORY: string = dirname(import.meta.dirname ?? "");

/** The version of Deno this repository is built with: the one place that says it is `.deno-version`. */
export async function pinnedDenoVersion(): Promise<string> {
  return (await Deno.readTextFile(`${REPOSITORY}/.deno-version`)).trim();
}

/**
 * Options of the runtime that the exporter runs with, its permissions among them: the one place that
 * says them is the task `start` of deno.json.
 *
 * @throws {SyntaxError} If the task does not run main.ts.
 */
export async function runtimeOptions(): Promise<readonly string[]> {
  const { tasks } = JSON.parse(await Deno.readTextFile(`${REPOSITORY}/deno.json`));
  const [, options] = /^deno run (.*) main\.ts$/.exec(tasks.start.command) ?? [];
  if (options === undefined) {
    throw new SyntaxError(`Cannot read the task "start": it is not "deno run OPTIONS main.ts"`);
  }
  return options.split(" ");
}
