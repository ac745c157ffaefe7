import assert from "node:assert/strict";
import { TroubleLog } from "../../lib/log/trouble_log.ts";
import type { FeedCache, GoodReading } from "../../lib/threat/feed_cache.ts";
import type { FeedAnswer, FeedSource } from "../../lib/threat/feed_source.ts";
import { parserOf } from "../../lib/threat/list_parser.ts";
import { ListFeed } from "../../lib/threat/list_feed.ts";
import { entriesOf } from "../../lib/threat/prefix_set.ts";
import { LogLines } from "./log_lines.ts";

const never = new AbortController().signal;

/** A source that answers what the test says: the text of a list, nothing new, or an error. */
class FakeSource implements FeedSource {
  readonly origin: string;
  answer: string | Error | undefined;

  constructor(readonly flag: string) {
    this.origin = `http://host/${flag}`;
  }

  read(): Promise<FeedAnswer> {
    if (this.answer === undefined) return Promise.resolve({ outcome: "unchanged" });
    if (typeof this.answer !== "string") return Promise.reject(this.answer);
    const parser = parserOf("drop");
    parser.push(new TextEncoder().encode(this.answer));
    return Promise.resolve({ outcome: "read", list: parser.end(), validators: {} });
  }
}

/** A cache in memory. */
class FakeCache implements Pick<FeedCache, "load" | "save"> {
  readonly kept = new Map<string, GoodReading>();
  readonly saves: string[] = [];
  error: Error | undefined;

  load(flag: string): Promise<GoodReading | undefined> {
    return this.error ? Promise.reject(this.error) : Promise.resolve(this.kept.get(flag));
  }

  save(flag: string, _origin: string, reading: GoodReading): Promise<void> {
    if (this.error) return Promise.reject(this.error);
    this.saves.push(flag);
    this.kept.set(flag, reading);
    return Promise.resolve();
  }
}

function spamhaus(cache?: FakeCache) {
  const log = new LogLines();
  const clock = { nowMs: 0, wallMs: 1_000_000 };
  const ipv4 = new FakeSource("spamhaus.url");
  const ipv6 = new FakeSource("spamhaus.ipv6.url");
  const feed = new ListFeed("spamhaus", [ipv4, ipv6], {
    log,
    troubles: new TroubleLog(log, { nowMs: () => clock.nowMs }),
    cache: cache as FeedCache | undefined,
    now: () => clock.nowMs,
    wall: () => clock.wallMs,
  });
  return { feed, ipv4, ipv6, log, clock };
}

Deno.test("ListFeed keeps the last good list of each source by itself", async () => {
  const { feed, ipv4, ipv6, clock } = spamhaus();
  assert.deepEqual(feed.telemetry, { list: "spamhaus", errorsTotal: 0, entries: 0 });
  ipv4.answer = "1.2.3.0/24\n1.2.4.0/24";
  ipv6.answer = new Error("no");
  assert.equal(await feed.refresh(never), true);
  // Not yet refreshed as a whole: there is no time of success.
  assert.deepEqual(feed.telemetry, {
    list: "spamhaus",
    durationMs: 0,
    errorsTotal: 1,
    entries: 2,
  });

  clock.wallMs = 2_000_000;
  ipv4.answer = new Error("no");
  ipv6.answer = "2001:db8::/32";
  assert.equal(await feed.refresh(never), true);
  assert.deepEqual(feed.telemetry, {
    list: "spamhaus",
    lastSuccessMs: 1_000_000,
    durationMs: 0,
    errorsTotal: 2,
    entries: 3,
  });

  clock.wallMs = 3_000_000;
  ipv4.answer = undefined;
  assert.equal(await feed.refresh(never), false);
  assert.equal(feed.telemetry.lastSuccessMs, 3_000_000);
});

Deno.test("ListFeed counts an entry of both sources once", async () => {
  const { feed, ipv4, ipv6 } = spamhaus();
  ipv4.answer = "1.2.3.4\n2001:db8::1";
  ipv6.answer = "2001:db8::1\n2001:db8::2";
  await feed.refresh(never);
  assert.equal(entriesOf(feed.set), 3);
});

Deno.test("ListFeed says that a list changed only when its entries did", async () => {
  const { feed, ipv4, ipv6 } = spamhaus();
  ipv4.answer = "1.2.3.4";
  ipv6.answer = "::1";
  assert.equal(await feed.refresh(never), true);
  ipv4.answer = "# newer\n1.2.3.4\n1.2.3.4/32";
  assert.equal(await feed.refresh(never), false);
  ipv4.answer = "1.2.3.5";
  assert.equal(await feed.refresh(never), true);
});

Deno.test("ListFeed tells one line for each beginning and end, and names refused prefixes", async () => {
  const { feed, ipv4, ipv6, log } = spamhaus();
  ipv4.answer = "1.2.3.4\n0.0.0.0/0\nx\n::/3";
  ipv6.answer = new Error("Cannot fetch the list: no");
  await feed.refresh(never);
  await feed.refresh(never);
  ipv4.answer = "1.2.3.4";
  ipv6.answer = "::1";
  await feed.refresh(never);
  const told = log.lines.filter(({ level }) => level !== "debug");
  assert.deepEqual(told, [
    {
      level: "info",
      message: "Threat list refreshed",
      fields: {
        source: "spamhaus.url",
        entries: 1,
        skipped: 3,
        example: "line 2: prefix wider than /8",
      },
    },
    {
      level: "error",
      message: "A threat list has prefixes that are refused",
      fields: { state: "begins", subject: "spamhaus.url", prefixes: "0.0.0.0/0 ::/3", refused: 2 },
    },
    {
      level: "error",
      message: "A threat list cannot be refreshed",
      fields: {
        state: "begins",
        subject: "spamhaus.ipv6.url",
        reason: "Cannot fetch the list: no",
        url: "http://host/spamhaus.ipv6.url",
        entries_kept: undefined,
      },
    },
    {
      level: "notice",
      message: "A threat list has prefixes that are refused",
      fields: { state: "ended", subject: "spamhaus.url", count: 2, seconds: 0 },
    },
    {
      level: "notice",
      message: "A threat list cannot be refreshed",
      fields: { state: "ended", subject: "spamhaus.ipv6.url", count: 2, seconds: 0 },
    },
    {
      level: "info",
      message: "Threat list refreshed",
      fields: { source: "spamhaus.ipv6.url", entries: 1, skipped: 0, example: undefined },
    },
  ]);
});

Deno.test("ListFeed takes up after a restart what the cache kept, with the time it had", async () => {
  const cache = new FakeCache();
  const first = spamhaus(cache);
  first.ipv4.answer = "1.2.3.4";
  first.ipv6.answer = "::1";
  assert.equal(await first.feed.restore(), false);
  await first.feed.refresh(never);

  const second = spamhaus(cache);
  second.clock.wallMs = 5_000_000;
  assert.equal(await second.feed.restore(), true);
  second.ipv4.answer = second.ipv6.answer = new Error("no network");
  assert.equal(await second.feed.refresh(never), false);
  assert.deepEqual(second.feed.telemetry, {
    list: "spamhaus",
    lastSuccessMs: 1_000_000,
    durationMs: 0,
    errorsTotal: 2,
    entries: 2,
  });

  // A clock that was ahead then: nothing may be fresher than now.
  const third = spamhaus(cache);
  third.clock.wallMs = 500_000;
  await third.feed.restore();
  assert.equal(third.feed.telemetry.lastSuccessMs, 500_000);
});

Deno.test("ListFeed writes to the cache what changed, and what holds every ten minutes", async () => {
  const cache = new FakeCache();
  const { feed, ipv4, ipv6, clock } = spamhaus(cache);
  ipv4.answer = "1.2.3.4";
  ipv6.answer = "::1";
  for (let minute = 0; minute < 30; minute++) {
    clock.nowMs = minute * 60_000;
    clock.wallMs = 1_000_000 + clock.nowMs;
    await feed.refresh(never);
    ipv4.answer = minute === 4 ? "1.2.3.5" : undefined;
  }
  const saves = (flag: string) => cache.saves.filter((saved) => saved === flag).length;
  assert.deepEqual([saves("spamhaus.url"), saves("spamhaus.ipv6.url")], [4, 3]);
  assert.equal(cache.kept.get("spamhaus.ipv6.url")?.atMs, 1_000_000 + 20 * 60_000);
});

Deno.test("ListFeed goes on where the cache is of no use, and says so once", async () => {
  const cache = new FakeCache();
  const { feed, ipv4, ipv6, log } = spamhaus(cache);
  cache.error = new Error("No space left on device");
  assert.equal(await feed.restore(), false);
  ipv4.answer = "1.2.3.4";
  ipv6.answer = "::1";
  assert.equal(await feed.refresh(never), true);
  assert.equal(feed.telemetry.errorsTotal, 0);
  const troubles = log.lines.filter(({ level }) => level === "error");
  assert.deepEqual(troubles.map(({ message, fields }) => [message, fields.subject]), [
    ["The cache of a threat list cannot be used", "spamhaus.url"],
    ["The cache of a threat list cannot be used", "spamhaus.ipv6.url"],
  ]);
});
