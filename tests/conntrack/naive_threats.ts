import { fromWords } from "../../lib/address/ip_address.ts";
import type { Direction } from "../../lib/config/direction.ts";
import type { FixedIpOwner, ThreatContacts } from "../../lib/conntrack/flow_summary.ts";
import type { ListedAddresses } from "../../lib/conntrack/threat_matcher.ts";
import type { TestFlow } from "./naive_aggregation.ts";

/** The addresses of some lists as sets of text. */
export type NaiveLists = readonly ReadonlySet<string>[];

/** The look-up of some lists, said as plainly as possible. */
export function listedIn(lists: NaiveLists): ListedAddresses {
  return {
    findAll(words, stride, count, answers) {
      for (let each = 0; each < count; each++) {
        const [a = 0, b = 0, c = 0, d = 0] = words.subarray(each * stride, each * stride + 4);
        const { text } = fromWords([a, b, c, d]);
        answers[each] = lists.reduce(
          (bits, list, bit) => list.has(text) ? bits | (1 << bit) : bits,
          0,
        );
      }
    },
  };
}

/** What a model says of an interval: sums by instance, and the fresh hits as text in order. */
export interface NaiveContacts {
  readonly byInstance: ThreatContacts["byInstance"];
  readonly fresh: readonly string[];
}

/** The rules of matching, said again with sets of text. */
export class NaiveThreats {
  readonly #directions: readonly (Direction | undefined)[];
  #previous: ReadonlySet<string> = new Set();
  #totals: ReadonlyMap<string, readonly number[]> = new Map();

  constructor(directions: readonly (Direction | undefined)[]) {
    this.#directions = directions;
  }

  interval(
    owners: readonly FixedIpOwner[],
    lists: NaiveLists,
    flows: readonly TestFlow[],
  ): NaiveContacts {
    const hits = new Set<string>();
    const byInstance = new Map<string, { active: number; total: number }[]>();
    for (const { uuid, fixedIps } of owners) {
      const counts = this.#directions.map((direction, list) => {
        const pairs = new Set(
          fixedIps.flatMap(({ text }) => pairsOf(text, flows, lists[list], direction)),
        );
        for (const pair of pairs) hits.add(`${uuid} ${list} ${pair}`);
        return { active: pairs.size, total: (this.#totals.get(uuid)?.[list] ?? 0) + pairs.size };
      });
      if (counts.some(({ total }) => total > 0)) byInstance.set(uuid, counts);
    }
    const fresh = [...hits].filter((hit) => !this.#previous.has(hit)).sort();
    this.#previous = hits;
    this.#totals = new Map(
      [...byInstance].map(([uuid, counts]) => [uuid, counts.map(({ total }) => total)]),
    );
    return { byInstance, fresh };
  }
}

/** What the program says, in the form of the model. */
export function asNaive({ byInstance, fresh }: ThreatContacts): NaiveContacts {
  return {
    byInstance,
    fresh: fresh.map(({ instance, list, fixedIp, remote }) =>
      `${instance} ${list} ${pair(fixedIp.text, remote.text)}`
    ).sort(),
  };
}

function pairsOf(
  fixedIp: string,
  flows: readonly TestFlow[],
  list: ReadonlySet<string> | undefined,
  direction: Direction | undefined,
): string[] {
  return flows.flatMap((flow) => {
    const [src, dst, replySrc] = [flow.src, flow.dst, flow.replySrc].map((words) =>
      fromWords(words).text
    ) as [string, string, string];
    const met = src === fixedIp ? [dst, replySrc].filter((remote) => list?.has(remote)) : [];
    const comesIn = (dst === fixedIp || replySrc === fixedIp) && list?.has(src) === true;
    return [
      ...direction === "out" || direction === "any"
        ? met.map((remote) => pair(fixedIp, remote))
        : [],
      ...comesIn && (direction === "in" || direction === "any") ? [pair(fixedIp, src)] : [],
    ];
  });
}

function pair(one: string, other: string): string {
  return [one, other].sort().join(" ");
}
