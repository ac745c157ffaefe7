import { CONVERSIONS, type Family } from "./family.ts";

/** Which names a page has. */
export const NAMINGS = ["oie", "prometheus", "both"] as const;

/** The specification's names, those by Prometheus' conventions, or both beside each other. */
export type Naming = (typeof NAMINGS)[number];

/** How a family stands on a page: its own row, or its twin by convention. */
export interface Appearance {
  readonly name: string;
  readonly help: string;
  /** What each value is multiplied with, undefined for values as they are. */
  readonly factor: number | undefined;
  /** The label in front of the others. */
  readonly label: { readonly name: string; readonly value: string } | undefined;
}

/** The names of one naming that a family has: one, or none where the other pass wrote it. */
type Vocabulary = (family: Family) => Appearance | undefined;

const OWN: Vocabulary = ({ name, help }) => ({ name, help, factor: undefined, label: undefined });

const TWIN: Vocabulary = ({ help, convention }) =>
  convention && {
    name: convention.name,
    help: convention.help ?? help,
    factor: convention.conversion && CONVERSIONS[convention.conversion].factor,
    label: convention.label,
  };

/** What is written of all families, one pass after the other. */
const PASSES: Readonly<Record<Naming, readonly Vocabulary[]>> = {
  oie: [OWN],
  prometheus: [(family) => TWIN(family) ?? OWN(family)],
  both: [OWN, TWIN],
};

/** One family of a page and the rows of the table that it is made of. */
export interface NamedFamily {
  readonly name: string;
  readonly help: string;
  readonly parts: readonly { readonly family: Family; readonly appearance: Appearance }[];
}

/**
 * What these families are on a page, in its order. Families that share a name by convention, such as
 * those of the threat lists, become one: all lines of a name must stand together.
 */
export function nameFamilies(families: Iterable<Family>, naming: Naming): readonly NamedFamily[] {
  const rows = [...families];
  const byName = new Map<string, { family: Family; appearance: Appearance }[]>();
  for (const vocabulary of PASSES[naming]) {
    for (const family of rows) {
      const appearance = vocabulary(family);
      if (!appearance) continue;
      const parts = byName.get(appearance.name);
      if (parts) parts.push({ family, appearance });
      else byName.set(appearance.name, [{ family, appearance }]);
    }
  }
  return [...byName].map(([name, parts]) => ({
    name,
    help: parts[0]?.appearance.help ?? "",
    parts,
  }));
}
