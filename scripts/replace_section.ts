/**
 * Puts generated text between `<!-- begin NAME -->` and `<!-- end NAME -->`.
 *
 * @throws {SyntaxError} If the text lacks the two marks in this order.
 */
export function replaceSection(text: string, name: string, generated: string): string {
  const begin = `<!-- begin ${name} -->\n`;
  const end = `<!-- end ${name} -->`;
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) {
    throw new SyntaxError(`Cannot write section "${name}": its marks ${begin.trim()}, ${end} lack`);
  }
  return `${text.slice(0, from)}${begin}\n${generated.trim()}\n\n${text.slice(to)}`;
}
