import type { InstanceSnapshot } from "../live/node_schema.ts";

type Value = (instance: InstanceSnapshot) => number | string | null;

interface Sort {
  /** As `-sort` takes it. */
  readonly name: string;
  /** The key that chooses it. */
  readonly key: string;
  /** Ends a sentence that begins with "by". */
  readonly title: string;
  readonly value: Value;
}

/** What instances can be sorted by: numbers begin with the largest, names with A. */
export const SORTS = [
  { name: "cpu", key: "c", title: "CPU", value: ({ cpu_percent }) => cpu_percent },
  { name: "memory", key: "m", title: "memory", value: ({ memory_bytes }) => memory_bytes },
  {
    name: "disk",
    key: "d",
    title: "disk bytes",
    value: ({ sum }) => added(sum.read_bytes_per_second, sum.write_bytes_per_second),
  },
  {
    name: "requests",
    key: "r",
    title: "disk requests",
    value: ({ sum }) => added(sum.read_requests_per_second, sum.write_requests_per_second),
  },
  {
    name: "net",
    key: "n",
    title: "network bits",
    value: ({ sum }) => added(sum.rx_bits_per_second, sum.tx_bits_per_second),
  },
  {
    name: "packets",
    key: "x",
    title: "packets",
    value: ({ sum }) => added(sum.rx_packets_per_second, sum.tx_packets_per_second),
  },
  { name: "flows", key: "f", title: "flows", value: ({ sum }) => sum.flows },
  { name: "threats", key: "t", title: "contacts", value: ({ sum }) => sum.active_contacts },
  { name: "marks", key: "o", title: "marks", value: ({ over }) => over.length },
  { name: "name", key: "a", title: "name", value: ({ name, domain }) => name || domain },
  { name: "project", key: "p", title: "project", value: ({ project }) => project.name },
] as const satisfies readonly Sort[];

export type SortName = (typeof SORTS)[number]["name"];

export const SORT_NAMES: readonly SortName[] = SORTS.map(({ name }) => name);

const SORT_BY_NAME = new Map<string, Sort>(SORTS.map((sort) => [sort.name, sort]));

/** The row of a sort. */
export function sortOf(name: SortName): Sort {
  return SORT_BY_NAME.get(name) ?? SORTS[0];
}

/** Two values together; what is not known adds nothing. */
export function added(one: number | null, other: number | null): number | null {
  return one === null ? other : one + (other ?? 0);
}

/**
 * The instances in an order; equals by name and UUID, so that rows do not jump about. What is not known
 * comes last in either direction.
 */
export function inOrder(
  instances: readonly InstanceSnapshot[],
  { sort, isReversed }: { readonly sort: SortName; readonly isReversed: boolean },
): readonly InstanceSnapshot[] {
  const { value } = sortOf(sort);
  const direction = isReversed ? -1 : 1;
  return instances.map((instance) => ({ instance, by: value(instance) })).sort((one, other) =>
    unknownLast(one.by, other.by) || direction * compare(one.by, other.by) ||
    compare(one.instance.name, other.instance.name) ||
    compare(one.instance.uuid, other.instance.uuid)
  ).map(({ instance }) => instance);
}

function unknownLast(one: unknown, other: unknown): number {
  return Number(one === null) - Number(other === null);
}

function compare(one: number | string | null, other: number | string | null): number {
  if (typeof one === "number" && typeof other === "number") return other - one;
  const [left, right] = [String(one), String(other)];
  return left < right ? -1 : left > right ? 1 : 0;
}
