import { REPOSITORY } from "../scripts/repository.ts";

/**
 * What a page of the documentation shows below a heading: the lines of its first block, of shell commands
 * unless another language is given.
 *
 * @throws {Error} If there is no such heading with such a block.
 */
export async function pageBlock(page: string, heading: string, language = "sh"): Promise<string> {
  const text = await Deno.readTextFile(`${REPOSITORY}/packaging/docs/${page}`);
  const [, section] = text.split(`\n## ${heading}\n`);
  const block = new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\`$`, "m");
  const [, lines] = block.exec(section?.split("\n## ", 1)[0] ?? "") ?? [];
  if (lines === undefined) {
    throw new Error(`Cannot find a block of ${language} below "${heading}" of ${page}`);
  }
  return lines;
}
