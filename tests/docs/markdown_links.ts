import { posix } from "node:path";

/** Texts of Markdown by their path in the repository. */
export type Pages = ReadonlyMap<string, string>;

const LINK = /\]\(\s*<?([^()\s>]+)>?(?:\s+"[^"]*")?\s*\)/g;
const OUTSIDE = /^[a-z][a-z0-9+.-]*:/i;

/**
 * Links to a file that is not there, or to a heading that its page does not have; a line for each.
 *
 * @param isThere Whether there is such a file or folder in the repository.
 */
export function brokenLinks(pages: Pages, isThere: (path: string) => boolean): string[] {
  const complaints: string[] = [];
  for (const [path, text] of pages) {
    for (const [, target = ""] of withoutCode(text).matchAll(LINK)) {
      if (OUTSIDE.test(target)) continue;
      const [file = "", anchor] = target.split("#", 2);
      const linked = file === "" ? path : posix.join(posix.dirname(path), file);
      if (!isThere(linked)) {
        complaints.push(`${path}: no file ${target}`);
      } else if (anchor !== undefined && !anchorsOf(pages.get(linked) ?? "").has(anchor)) {
        complaints.push(`${path}: no heading ${target}`);
      }
    }
  }
  return complaints;
}

/** The anchors that GitHub makes of the headings. */
export function anchorsOf(text: string): ReadonlySet<string> {
  const anchors = new Set<string>();
  for (const [, title = ""] of withoutBlocks(text).matchAll(/^#{1,6} +(.*?) *#*$/gm)) {
    const plain = title.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").toLowerCase();
    const slug = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "").trim().replaceAll(/\s/g, "-");
    let anchor = slug;
    for (let copy = 1; anchors.has(anchor); copy++) anchor = `${slug}-${copy}`;
    anchors.add(anchor);
  }
  return anchors;
}

function withoutBlocks(text: string): string {
  return text.replaceAll(/^(```+|~~~+)[\s\S]*?^\1/gm, "");
}

function withoutCode(text: string): string {
  return withoutBlocks(text).replaceAll(/`[^`\n]*`/g, "");
}
