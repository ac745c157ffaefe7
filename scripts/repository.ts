import { dirname } from "node:path";

/** Absolute path of this repository, without a slash at its end. */
export const REPOSITORY: string = dirname(import.meta.dirname ?? "");

/** The version of Deno this repository is built with: the one place that says it is `.deno-version`. */
export async function pinnedDenoVersion(): Promise<string> {
  return (await Deno.readTextFile(`${REPOSITORY}/.deno-version`)).trim();
}
