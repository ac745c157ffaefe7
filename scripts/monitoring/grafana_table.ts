import type { Link, Panel } from "./dashboards/dashboard.ts";

/** Puts the queries' answers beside each other, by the labels that they share. */
export function transformations({ columns = {}, queries }: Panel) {
  const shown = Object.entries(columns);
  const valueName = (at: number) => `Value${queries.length > 1 ? ` #${refIdOf(at)}` : ""}`;
  const titled = queries.map(({ legend }, at) => [valueName(at), legend] as const);
  return [
    ...queries.length > 1 ? [{ id: "merge", options: {} }] : [],
    {
      id: "filterFieldsByName",
      options: {
        include: {
          names: [
            ...shown.map(([label]) => label),
            ...titled.filter(([, title]) => title !== "").map(([value]) => value),
          ],
        },
      },
    },
    {
      id: "organize",
      options: {
        indexByName: Object.fromEntries(
          [...shown.map(([label]) => label), ...titled.map(([value]) => value)]
            .map((name, at) => [name, at]),
        ),
        renameByName: Object.fromEntries([
          ...shown,
          ...titled.filter(([, title]) => title !== ""),
        ]),
      },
    },
  ];
}

/** Name of the query at this place of its panel: A, B, C. */
export function refIdOf(at: number): string {
  return String.fromCharCode("A".charCodeAt(0) + at);
}

/** Units and links of single columns, by their titles. */
export function columnOverrides({ unit, links = [], columns = {} }: Panel) {
  const units = typeof unit === "object" ? Object.entries(unit) : [];
  const linked = Object.values(columns).filter((title) =>
    links.some(({ url }) => url.includes(`["${title}"]`))
  );
  const byName = (title: string, id: string, value: unknown) => ({
    matcher: { id: "byName", options: title },
    properties: [{ id, value }],
  });
  return [
    ...units.map(([title, name]) => byName(title, "unit", name)),
    ...linked.map((title) => byName(title, "links", links.map(linkModel))),
  ];
}

/** A link as Grafana stores it. */
export function linkModel({ title, url, isOutside }: Link) {
  return { title, url, targetBlank: isOutside === true };
}
