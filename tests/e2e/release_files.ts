import { RELEASE_FOLDER } from "../../scripts/release.ts";

/** Path of the one artefact whose name ends with `end`, of the release that the suite makes first. */
export function releaseFile(end: string): string {
  const names = Array.from(Deno.readDirSync(RELEASE_FOLDER), ({ name }) => name)
    .filter((name) => name.endsWith(end));
  if (names.length === 1) return `${RELEASE_FOLDER}/${names[0]}`;
  throw new Error(`Cannot find the artefact *${end}: expected one in ${RELEASE_FOLDER}`);
}

/** Output of a program of this machine. */
export async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const command = new Deno.Command(program, { args: [...args], stdin: "null" });
  const { success, stdout, stderr } = await command.output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`Cannot run ${program} ${args.join(" ")}: ${decoder.decode(stderr)}`);
}
