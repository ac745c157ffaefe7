import assert from "node:assert/strict";
import fc from "fast-check";
import { fromWords, parseIpAddress } from "../../lib/address/ip_address.ts";
import type { Direction } from "../../lib/config/direction.ts";
import { FlowAggregator } from "../../lib/conntrack/flow_aggregator.ts";
import type { FixedIpOwner, ThreatContacts } from "../../lib/conntrack/flow_summary.ts";
import type { ListedAddresses } from "../../lib/conntrack/threat_matcher.ts";
import { type TestFlow, toRecord } from "./naive_aggregation.ts";
import { asNaive, listedIn, NaiveThreats } from "./naive_threats.ts";

const SEED = 20_264;
const BAD = "198.51.100.66";
const WORSE = "2001:db8::666";
const UNLIMITED = { mostFresh: 1_000, mostFreshOfEach: 1_000 };

function words(text: string) {
  const address = parseIpAddress(text);
  assert.ok(address, text);
  return address.words;
}

function owner(uuid: string, ...ips: string[]): FixedIpOwner {
  return { uuid, fixedIps: ips.map((ip) => fromWords(words(ip))) };
}

/** A flow; `nat` replaces the reply's source (DNAT) or destination (SNAT). */
function flow(
  src: string,
  dst: string,
  more: { dstPort?: number; protocol?: number; snat?: string; dnat?: string } = {},
): TestFlow {
  const { dstPort = 443, protocol = 6, snat, dnat } = more;
  return {
    src: words(src),
    dst: words(dst),
    replySrc: words(dnat ?? dst),
    replyDst: words(snat ?? src),
    dstPort,
    protocol,
  };
}

function matcher(
  directions: readonly (Direction | undefined)[],
  limits: { mostFresh: number; mostFreshOfEach: number } = UNLIMITED,
): FlowAggregator {
  return new FlowAggregator({ outbound: false, threats: { directions, ...limits } });
}

function read(
  aggregator: FlowAggregator,
  owners: readonly FixedIpOwner[],
  listed: ListedAddresses | undefined,
  flows: readonly TestFlow[],
): ThreatContacts {
  aggregator.begin(owners, { listed });
  for (const each of flows) aggregator.flow(toRecord(each));
  const { threats } = aggregator.commit();
  assert.ok(threats);
  return threats;
}

/** Hits in this interval on each list. */
function active(contacts: ThreatContacts, uuid: string): number[] | undefined {
  return contacts.byInstance.get(uuid)?.map((counts) => counts.active);
}

const A = owner("a", "10.0.0.1", "fd00::1");
const LISTED = listedIn([new Set([BAD, WORSE])]);
const IN_ALL = listedIn([new Set([BAD]), new Set([BAD]), new Set([BAD])]);

const CASES: readonly [title: string, flows: TestFlow[], outInAny: number[] | undefined][] = [
  ["a flow to a listed address as out", [flow("10.0.0.1", BAD)], [1, 0, 1]],
  ["a flow from a listed address as in", [flow(BAD, "10.0.0.1")], [0, 1, 1]],
  ["a contact through DNAT as in", [flow(BAD, "192.0.2.1", { dnat: "10.0.0.1" })], [0, 1, 1]],
  ["a guest behind SNAT as out", [flow("10.0.0.1", BAD, { snat: "192.0.2.1" })], [1, 0, 1]],
  ["both ways as one pair", [flow("10.0.0.1", BAD), flow(BAD, "10.0.0.1")], [1, 1, 1]],
  ["ports, protocols and repetitions once", [
    flow("10.0.0.1", BAD),
    flow("10.0.0.1", BAD, { dstPort: 80 }),
    flow("10.0.0.1", BAD, { dstPort: 443, protocol: 17 }),
    flow("10.0.0.1", BAD),
  ], [1, 0, 1]],
  ["each fixed IP for itself", [flow("10.0.0.1", BAD), flow("10.0.0.2", BAD)], [2, 0, 2]],
  ["no flow of others", [flow("192.0.2.9", BAD), flow(BAD, "192.0.2.9")], undefined],
  ["a listed address that DNAT leads to as out", [
    flow("10.0.0.1", "192.0.2.1", { dnat: BAD }),
    flow("10.0.0.1", BAD),
  ], [1, 0, 1]],
  ["a listed address that DNAT leads away from as out", [
    flow("10.0.0.1", BAD, { dnat: "192.0.2.1" }),
  ], [1, 0, 1]],
];

for (const [title, flows, expected] of CASES) {
  Deno.test(`ThreatMatcher counts ${title}`, () => {
    const owners = [owner("a", "10.0.0.1", "10.0.0.2")];
    const contacts = read(matcher(["out", "in", "any"]), owners, IN_ALL, flows);
    assert.deepEqual(active(contacts, "a"), expected);
  });
}

Deno.test("ThreatMatcher counts IPv6 contacts, and an ambiguous fixed IP for each owner", () => {
  const owners = [A, owner("b", "fd00::1")];
  const contacts = read(matcher(["out"]), owners, LISTED, [flow("fd00::1", WORSE)]);
  assert.deepEqual([active(contacts, "a"), active(contacts, "b")], [[1], [1]]);
});

Deno.test("ThreatMatcher counts a pair of an instance's own listed fixed IPs once", () => {
  const listed = listedIn([new Set(["10.0.0.1", "10.0.0.2"])]);
  const owners = [owner("a", "10.0.0.1", "10.0.0.2")];
  const flows = [flow("10.0.0.1", "10.0.0.2"), flow("10.0.0.2", "10.0.0.1")];
  assert.deepEqual(active(read(matcher(["any"]), owners, listed, flows), "a"), [1]);
});

Deno.test("ThreatMatcher tells a fresh contact with what its first flow shows", () => {
  const { fresh, leftOut } = read(matcher(["any", "in"]), [A], IN_ALL, [
    flow(BAD, "192.0.2.1", { dnat: "10.0.0.1", dstPort: 22, protocol: 6 }),
    flow("10.0.0.1", BAD, { dstPort: 53, protocol: 17 }),
  ]);
  const contact = {
    instance: "a",
    fixedIp: fromWords(words("10.0.0.1")),
    remote: fromWords(words(BAD)),
    protocol: 6,
    dstPort: 22,
    direction: "in",
  };
  assert.deepEqual({ fresh, leftOut }, {
    fresh: [{ list: 0, ...contact }, { list: 1, ...contact }],
    leftOut: [0, 0],
  });
});

Deno.test("ThreatMatcher calls a pair fresh that the last interval committed did not have", () => {
  const aggregator = matcher(["out"]);
  const fresh = (...remotes: string[]) =>
    read(aggregator, [A], LISTED, remotes.map((remote) => flow("10.0.0.1", remote)))
      .fresh.map(({ remote }) => remote.text);
  assert.deepEqual(fresh(BAD), [BAD]);
  assert.deepEqual(fresh(BAD), []);
  aggregator.begin([A], { listed: LISTED });
  aggregator.abort();
  assert.deepEqual(fresh(BAD), []);
  assert.deepEqual(fresh(), []);
  assert.deepEqual(fresh(BAD), [BAD]);
});

/** Three instances with nine contacts each on a list. */
function crowd() {
  const remotes = Array.from({ length: 9 }, (_, number) => `203.0.113.${number}`);
  return {
    remotes,
    listed: listedIn([new Set(remotes)]),
    owners: ["a", "b", "c"].map((uuid, at) => owner(uuid, `10.0.0.${at}`)),
    flows: [0, 1, 2].flatMap((at) => remotes.map((remote) => flow(`10.0.0.${at}`, remote))),
  };
}

Deno.test("ThreatMatcher tells what is left out later, while it lasts, and bounds no hits", () => {
  const { listed, owners, flows } = crowd();
  const limited = matcher(["out"], { mostFresh: 7, mostFreshOfEach: 4 });
  const told: ThreatContacts[] = [];
  do told.push(read(limited, owners, listed, flows)); while (told.at(-1)?.fresh.length !== 0);
  assert.deepEqual(
    told.map(({ fresh, leftOut }) => [fresh.map(({ instance }) => instance).join(""), leftOut]),
    [
      ["aaaabbbc", [19]],
      ["aaaabbbc", [11]],
      ["abbbccc", [4]],
      ["cccc", [0]],
      ["", [0]],
    ],
  );
  const pairs = told.flatMap(({ fresh }) => fresh.map((each) => each.instance + each.remote.text));
  assert.equal(new Set(pairs).size, 27, "each once");
  for (const each of told) {
    assert.deepEqual(["a", "b", "c"].map((uuid) => active(each, uuid)), [[9], [9], [9]]);
  }
  limited.begin(owners, { listed });
  limited.abort();
  assert.deepEqual(read(limited, owners, listed, flows).fresh, []);
});

Deno.test("ThreatMatcher tells no contact, and leaves none out, where none are asked for", () => {
  const { listed, owners, flows } = crowd();
  const silent = matcher(["out"], { mostFresh: 0, mostFreshOfEach: 3 });
  const { fresh, leftOut } = read(silent, owners, listed, flows);
  assert.deepEqual({ fresh, leftOut }, { fresh: [], leftOut: [0] });
});

Deno.test("ThreatMatcher tells a contact whatever decoys other instances and lists have", () => {
  const { remotes, owners, flows } = crowd();
  const listed = listedIn([new Set(remotes), new Set([BAD])]);
  const limited = matcher(["out", "out"], { mostFresh: 5, mostFreshOfEach: 3 });
  const told = read(limited, [...owners, owner("victim", "10.0.1.1")], listed, [
    ...flows,
    flow("10.0.0.0", BAD),
    flow("10.0.1.1", BAD),
  ]);
  assert.deepEqual(told.fresh.map(({ instance, list }) => `${instance} ${list}`), [
    "a 0",
    "a 0",
    "a 0",
    "b 0",
    "b 0",
    "c 0",
    "a 1",
    "victim 1",
  ]);
  assert.deepEqual(told.leftOut, [21, 0]);
});

Deno.test("ThreatMatcher adds up by instance over intervals, and forgets instances that are gone", () => {
  const aggregator = matcher(["out", "in"]);
  const hit = [flow("10.0.0.1", BAD)];
  const at = (owners: FixedIpOwner[], flows: TestFlow[], listed?: ListedAddresses) =>
    Object.fromEntries(read(aggregator, owners, listed, flows).byInstance);
  const counts = (active: number, total: number) => ({
    a: [{ active, total }, { active: 0, total: 0 }],
  });
  assert.deepEqual(at([A], hit), {}, "nothing is loaded");
  assert.deepEqual(at([A], [], LISTED), {}, "no contact yet");
  assert.deepEqual(at([A], hit, LISTED), counts(1, 1));
  assert.deepEqual(at([A], hit, LISTED), counts(1, 2));
  assert.deepEqual(at([A], [], LISTED), counts(0, 2));
  assert.deepEqual(at([A], hit), counts(0, 2), "the lists are gone");
  aggregator.begin([A], { listed: LISTED });
  aggregator.flow(toRecord(flow("10.0.0.1", BAD)));
  aggregator.abort();
  assert.deepEqual(at([A], hit, LISTED), counts(1, 3), "a dump that failed counts nothing");
  assert.deepEqual(at([], hit, LISTED), {});
  assert.deepEqual(at([A], hit, LISTED), counts(1, 1));
});

Deno.test("ThreatMatcher is absent from the summary where no list is on", () => {
  const aggregator = new FlowAggregator({ outbound: false });
  aggregator.begin([A], { listed: LISTED });
  aggregator.flow(toRecord(flow("10.0.0.1", BAD)));
  assert.equal(aggregator.commit().threats, undefined);
});

Deno.test("ThreatMatcher agrees with the naive model over intervals, aborts and changing lists", () => {
  const pool = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "fd00::1", "fd00::2", BAD, WORSE, "192.0.2.1"];
  const address = fc.constantFrom(...pool).map(words);
  const anyFlow: fc.Arbitrary<TestFlow> = fc.record({
    src: address,
    dst: address,
    replySrc: address,
    replyDst: address,
    dstPort: fc.constantFrom(0, 53, 443),
    nat: fc.constantFrom("none", "snat", "dnat", "both"),
  }).map(({ nat, ...each }) => ({
    ...each,
    replySrc: nat === "dnat" || nat === "both" ? each.replySrc : each.dst,
    replyDst: nat === "snat" || nat === "both" ? each.replyDst : each.src,
  }));
  const list = fc.uniqueArray(fc.constantFrom(...pool), { maxLength: 4 }).map((texts) =>
    new Set(texts)
  );
  const direction = fc.constantFrom(undefined, "out", "in", "any");
  const cloud = fc.array(fc.uniqueArray(fc.constantFrom(...pool.slice(0, 6)), { maxLength: 4 }), {
    minLength: 3,
    maxLength: 3,
  });
  const interval = fc.record({
    present: fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
    lists: fc.tuple(list, list, list),
    flows: fc.array(anyFlow, { maxLength: 60, size: "max" }),
    aborted: fc.boolean(),
  });
  fc.assert(
    fc.property(
      fc.tuple(direction, direction, direction),
      cloud,
      fc.array(interval, { maxLength: 6 }),
      (directions, ips, intervals) => {
        const aggregator = matcher(directions as (Direction | undefined)[]);
        const naive = new NaiveThreats(directions as (Direction | undefined)[]);
        const all = ips.map((texts, at) => owner(`instance-${at}`, ...texts));
        for (const { present, lists, flows, aborted } of intervals) {
          const owners = all.filter((_, at) => present[at]);
          if (aborted) {
            aggregator.begin(owners, { listed: listedIn(lists) });
            for (const one of flows) aggregator.flow(toRecord(one));
            aggregator.abort();
          } else {
            assert.deepEqual(
              asNaive(read(aggregator, owners, listedIn(lists), flows)),
              naive.interval(owners, lists, flows),
            );
          }
        }
      },
    ),
    { seed: SEED, numRuns: 150 },
  );
});
