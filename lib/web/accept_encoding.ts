/** RFC 9110, 12.4.2: 0 to 1 with at most three decimals. */
const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

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
  for (const part of header.split(",")) {
    const [coding = "", ...parameters] = part.split(";").map((text) => text.trim().toLowerCase());
    const quality = qualityOf(parameters);
    if (coding === "gzip" || coding === "x-gzip") gzip = Math.max(gzip ?? 0, quality);
    else if (coding === "*") any = quality;
    else if (coding === "identity") identity = quality;
  }
  const wanted = gzip ?? any ?? 0;
  return wanted > 0 && wanted >= identity;
}

function qualityOf(parameters: readonly string[]): number {
  for (const parameter of parameters) {
    const [name = "", value = ""] = parameter.split("=").map((text) => text.trim());
    // A weight that cannot be read is taken as a refusal: plain text suits every client.
    if (name === "q") return QUALITY.test(value) ? Number(value) : 0;
  }
  return 1;
}
