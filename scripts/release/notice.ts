/**
 * SPDX licenses of the software that the text of `NOTICE` names: by name, from headings such as
 * `## saxes (ISC)`.
 */
export function licensesOf(notice: string): ReadonlyMap<string, string> {
  const headings = notice.matchAll(/^## (\S+) \((.+)\)$/gm);
  return new Map([...headings].map(([, name = "", license = ""]) => [name, license]));
}
