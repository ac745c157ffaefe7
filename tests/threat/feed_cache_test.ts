import assert from "node:assert/strict";
import fc from "fast-check";
import { FeedCache, type GoodReading } from "../../lib/threat/feed_cache.ts";
import { entriesOf, sameSet } from "../../lib/threat/prefix_set.ts";
import { prefixes, setOf } from "./naive_lists.ts";

const FLAG = "spamhaus.url";
const ORIGIN = "https://user:secret@host/drop.txt";

function inFolder(run: (folder: string) => Promise<void>): () => Promise<void> {
  return async () => {
    const folder = await Deno.makeTempDir({ prefix: "oie-feed-cache-" });
    try {
      await run(folder);
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  };
}

const READING: GoodReading = {
  set: setOf([
    { width: 1, address: 0x0102_0304n, length: 32 },
    { width: 1, address: 0x0a00_0000n, length: 8 },
    { width: 4, address: 0x2001_0db8n << 96n, length: 32 },
  ]),
  validators: { etag: '"a"', lastModified: "Mon, 01 Jan 2026 00:00:00 GMT" },
  atMs: 1_700_000_000_123,
};

Deno.test(
  "FeedCache writes a list that can be read by hand, with mode 0640, in a folder it makes",
  inFolder(async (folder) => {
    const cache = new FeedCache(`${folder}/a/b`);
    await cache.save(FLAG, ORIGIN, READING);
    const path = `${folder}/a/b/${FLAG}.list`;
    const lines = (await Deno.readTextFile(path)).split("\n");
    assert.deepEqual(lines.slice(1, -2), ["1.2.3.4", "10.0.0.0/8", "2001:db8::/32"]);
    assert.match(lines[0] ?? "", /^# openstack_instance_exporter threat cache 1 \{/);
    assert.doesNotMatch(lines[0] ?? "", /secret/);
    assert.equal(((await Deno.stat(path)).mode ?? 0) & 0o777, 0o640);
    assert.deepEqual(Array.from(Deno.readDirSync(`${folder}/a/b`), ({ name }) => name), [
      `${FLAG}.list`,
    ]);
  }),
);

Deno.test(
  "FeedCache gives back what it took, for the same origin only",
  inFolder(async (folder) => {
    const cache = new FeedCache(folder);
    assert.equal(await cache.load(FLAG, ORIGIN), undefined);
    await cache.save(FLAG, ORIGIN, READING);
    const { set, validators, atMs } = await new FeedCache(folder).load(FLAG, ORIGIN) ?? READING;
    assert.notEqual(set, READING.set);
    assert.ok(sameSet(set, READING.set));
    assert.deepEqual([validators, atMs], [READING.validators, READING.atMs]);
    assert.equal(await cache.load(FLAG, "https://host/other.txt"), undefined);
    assert.equal(await cache.load("spamhaus.ipv6.url", ORIGIN), undefined);
  }),
);

Deno.test(
  "FeedCache gives back any set",
  inFolder(async (folder) => {
    const cache = new FeedCache(folder);
    const list = fc.array(fc.oneof(prefixes(1), prefixes(4)), { maxLength: 50 }).map((list) =>
      list.filter(({ width, address, length }) =>
        // What a parser refuses can be in no list, and an IPv4-mapped address is IPv4 there.
        length >= (width === 1 ? 8 : 16) && (width === 1 || address >> 32n !== 0xffffn)
      )
    );
    await fc.assert(
      fc.asyncProperty(list, async (list) => {
        const set = setOf(list);
        await cache.save(FLAG, ORIGIN, { set, validators: {}, atMs: 5 });
        const loaded = await cache.load(FLAG, ORIGIN);
        assert.ok(loaded !== undefined && sameSet(loaded.set, set));
        assert.equal(entriesOf(loaded.set), entriesOf(set));
      }),
      { seed: 4, numRuns: 50 },
    );
  }),
);

Deno.test(
  "FeedCache refuses a damaged file, wherever the damage is, and goes on with the next good one",
  inFolder(async (folder) => {
    const cache = new FeedCache(folder);
    await cache.save(FLAG, ORIGIN, READING);
    const path = `${folder}/${FLAG}.list`;
    const good = await Deno.readFile(path);
    const damaged = [
      new Uint8Array(),
      new Uint8Array(5000),
      new TextEncoder().encode("1.2.3.4\n"),
      good.slice(0, -1),
      good.slice(1),
      good.slice(0, 100),
    ];
    for (let at = 0; at < good.length; at += 7) {
      damaged.push(good.map((byte, other) => other === at ? byte ^ 1 : byte));
    }
    for (const bytes of damaged) {
      await Deno.writeFile(path, bytes);
      await assert.rejects(cache.load(FLAG, ORIGIN), {
        message: `Cannot use ${path}: it is damaged`,
      });
    }
    await cache.save(FLAG, ORIGIN, READING);
    assert.ok(await cache.load(FLAG, ORIGIN));
  }),
);

Deno.test(
  "FeedCache keeps the old file where a new one cannot be written",
  inFolder(async (folder) => {
    const cache = new FeedCache(folder);
    await cache.save(FLAG, ORIGIN, READING);
    // Stands in the way of the draft, even for root.
    await Deno.mkdir(`${folder}/${FLAG}.list.new`);
    await assert.rejects(cache.save(FLAG, ORIGIN, { ...READING, atMs: 9 }));
    assert.equal((await cache.load(FLAG, ORIGIN))?.atMs, READING.atMs);
  }),
);
