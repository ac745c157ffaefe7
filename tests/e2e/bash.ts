/**
 * Runs a script of bash, which ends at its first command that fails, and returns what it printed.
 *
 * @throws {Error} If it failed; with what it wrote to standard error.
 */
export async function bash(script: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("bash", {
    args: ["-e", "-c", script],
    stdin: "null",
  }).output();
  if (!success) throw new Error(`${script}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
