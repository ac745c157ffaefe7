import { REPOSITORY } from "../../scripts/repository.ts";

/**
 * The commands that a page of the documentation tells below a heading: the lines of its first block.
 *
 * @throws {Error} If there is no such heading with a block of shell commands.
 */
export async function pageCommands(page: string, heading: string): Promise<string> {
  const text = await Deno.readTextFile(`${REPOSITORY}/packaging/docs/${page}`);
  const [, section] = text.split(`\n## ${heading}\n`);
  const [, commands] = /^```sh\n([\s\S]*?)^```$/m.exec(section?.split("\n## ", 1)[0] ?? "") ?? [];
  if (commands === undefined) throw new Error(`Cannot find commands below "${heading}" of ${page}`);
  return commands;
}
