import { REPOSITORY } from "./repository.ts";

/** Output of one git command, or nothing where this is no checkout or there is no git. */
export async function git(...args: readonly string[]): Promise<string> {
  try {
    const { success, stdout } = await new Deno.Command("git", {
      // A checkout of another user is refused by default; only its commit is asked for here.
      args: ["-c", `safe.directory=${REPOSITORY}`, ...args],
      cwd: REPOSITORY,
      stderr: "null",
    }).output();
    return success ? new TextDecoder().decode(stdout).trim() : "";
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** When the commit was made, in seconds since the epoch; 0 where there is none. */
export async function commitTime(): Promise<number> {
  return Number(await git("log", "-1", "--format=%ct"));
}
