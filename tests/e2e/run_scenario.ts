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

/** Prints what a scenario saw that needs a folder; to be called in its own process. */
export async function tellFromFolder(
  scenario: (folder: string) => Promise<unknown>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "oie-scenario-" });
  try {
    console.log(JSON.stringify(await scenario(folder)));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
