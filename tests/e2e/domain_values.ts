import assert from "node:assert/strict";

/** A page's values by series. */
export type Values = ReadonlyMap<string, number>;

/** The part of a page that is of one domain. */
export function valuesOfDomain(values: Values, domain: string): Values {
  return new Map([...values].filter(([series]) => series.includes(`domain="${domain}"`)));
}

/** Value of a family, without `oie_`, for a domain, whose other labels have this text. */
export function valueOfDomain(
  values: Values,
  family: string,
  domain: string,
  text = "",
): number | undefined {
  const found = [...valuesOfDomain(values, domain)].filter(([series]) =>
    series.startsWith(`oie_${family}{`) && series.includes(text)
  );
  assert.ok(found.length <= 1, `${family} of ${domain}: ${found.length} series`);
  return found[0]?.[1];
}
