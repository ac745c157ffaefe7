import { familyHeader } from "./exposition.ts";
import type { Family } from "./family.ts";

const ENCODER = new TextEncoder();

/**
 * The page of some families: each one's header and then all of its series together, as the text
 * format demands ("Grouping and sorting").
 *
 * A family without text is left out, unless `emptyHeaders` keeps its header, which says that the
 * program knows the family but has no value for it.
 */
export function renderPage(
  texts: ReadonlyMap<Family, string>,
  options: { readonly emptyHeaders: boolean },
): Uint8Array<ArrayBuffer> {
  return concatBytes(renderFamilies(texts, options));
}

/** The parts of {@link renderPage}, one for each family, not yet copied together. */
export function renderFamilies(
  texts: ReadonlyMap<Family, string>,
  options: { readonly emptyHeaders: boolean },
): readonly Uint8Array[] {
  // Family by family, so that one tenant's letters beyond Latin-1 widen one string, not the page.
  const chunks: Uint8Array[] = [];
  for (const [family, text] of texts) {
    if (text === "" && !options.emptyHeaders) continue;
    chunks.push(ENCODER.encode(familyHeader(family) + text));
  }
  return chunks;
}

/** The chunks one after the other in an array of its own. */
export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
