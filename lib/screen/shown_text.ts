const ESCAPED = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu;
const INVISIBLE = /[\p{Cf}\p{Variation_Selector}\p{Default_Ignorable_Code_Point}]/gu;
const PLAIN = /^[ -~]*$/;
/** The exporter cuts names at 256 characters: what is far longer is not worth the time. */
const LONGEST = 1024;
const REPLACEMENT = "\ufffd";

/**
 * Text as a terminal may get it, whoever wrote it: what would be obeyed (controls of C0 and C1, line
 * separators) becomes U+FFFD, and what would be invisible or turn the direction of writing (joiners,
 * bidirectional controls, tags) is left out.
 */
export function shownText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text.slice(0, LONGEST).toWellFormed().replace(ESCAPED, REPLACEMENT).replace(INVISIBLE, "");
}
