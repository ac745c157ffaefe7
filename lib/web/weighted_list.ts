/** RFC 9110, 12.4.2: 0 to 1 with at most three decimals. */
const QUALITY = /^(?:0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/;

/** One member of a header such as Accept. */
export interface Weighted {
  /** In lower case, without parameters. */
  readonly value: string;
  /** In lower case, without the weight. */
  readonly parameters: ReadonlyMap<string, string>;
  /** 0 to 1; a weight that cannot be read is a refusal. */
  readonly quality: number;
}

/** Reads a list with weights (RFC 9110, 12.4.2 and 5.6.6). */
export function parseWeightedList(header: string): readonly Weighted[] {
  return header.toLowerCase().split(",").map((part) => {
    const [value = "", ...pairs] = part.split(";").map((text) => text.trim());
    const parameters = new Map(pairs.map((pair): [string, string] => {
      const [name = "", text = ""] = pair.split("=").map((half) => half.trim());
      return [name, text.replace(/^"(.*)"$/, "$1")];
    }));
    const weight = parameters.get("q");
    parameters.delete("q");
    return { value, parameters, quality: weight === undefined ? 1 : qualityOf(weight) };
  });
}

function qualityOf(weight: string): number {
  return QUALITY.test(weight) ? Number(weight) : 0;
}
