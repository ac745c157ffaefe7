import { parseWeightedList } from "./weighted_list.ts";

/**
 * Tells whether a client takes gzip, by its Accept-Encoding header (RFC 9110, 12.5.3): codings are
 * compared without case, `q=0` refuses, `*` stands for what is not named, and a client that would
 * rather have no coding gets none.
 *
 * @param header Null when the client sent none.
 */
export function acceptsGzip(header: string | null): boolean {
  if (header === null) return false;
  let gzip: number | undefined;
  let any: number | undefined;
  let identity = 0;
  for (const { value: coding, quality } of parseWeightedList(header)) {
    if (coding === "gzip" || coding === "x-gzip") gzip = Math.max(gzip ?? 0, quality);
    else if (coding === "*") any = quality;
    else if (coding === "identity") identity = quality;
  }
  const wanted = gzip ?? any ?? 0;
  return wanted > 0 && wanted >= identity;
}
