/**
 * Tells whether an If-None-Match header has this entity tag, by the weak comparison (RFC 9110, 8.8.3.2
 * and 13.1.2).
 *
 * @param header Null when the client sent none.
 */
export function isSameTag(header: string | null, tag: string): boolean {
  if (header === null) return false;
  const opaque = (text: string) => text.trim().replace(/^W\//, "");
  return header.trim() === "*" || header.split(",").some((each) => opaque(each) === opaque(tag));
}
