import assert from "node:assert/strict";

/**
 * Runs a scenario, a program that prints what it saw as JSON, in a process of its own, since it moves
 * into a network namespace for good.
 *
 * @param path Of the program.
 * @throws {Error} If it failed; with what it wrote to standard error.
 */
export async function runScenario<Seen>(path: string, ...args: readonly string[]): Promise<Seen> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--allow-all", path, ...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}
