import assert from "node:assert/strict";
import { parseFlags } from "../../lib/config/parse_flags.ts";
import type { ThreatsMessage } from "../../lib/messages.ts";
import { buildIndex } from "../../lib/threat/build_index.ts";
import { THREAT_LISTS } from "../../lib/threat/lists.ts";
import { ThreatFeeds } from "../../lib/threat/threat_feeds.ts";
import { ThreatIndex } from "../../lib/threat/threat_index.ts";
import { LogLines } from "./log_lines.ts";
import { ManualClock, settle } from "./manual_clock.ts";

const CUSTOM = 1 << THREAT_LISTS.findIndex(({ name }) => name === "customlist");

interface Running {
  readonly clock: ManualClock;
  readonly feeds: ThreatFeeds;
  readonly messages: ThreatsMessage[];
  /** The lists that have 1.2.3.x for the newest index. */
  mask(last: number): number | undefined;
  end(): Promise<void>;
}

function run(flags: readonly string[], build = buildIndex): Running {
  const command = parseFlags(flags);
  assert.ok(command.action === "run");
  const clock = new ManualClock();
  const messages: ThreatsMessage[] = [];
  const feeds = new ThreatFeeds(command.config, {
    log: new LogLines(),
    clock,
    wall: () => 1_000_000 + clock.now(),
    publish: (message) => messages.push(message),
    build,
  });
  const stop = new AbortController();
  const ended = feeds.run(stop.signal);
  return {
    clock,
    feeds,
    messages,
    mask(last) {
      const index = messages.findLast((message) => message.index !== undefined)?.index;
      return index &&
        new ThreatIndex(index).find(Uint32Array.of(0, 0, 0xffff, 0x0102_0300 + last), 0);
    },
    end: () => (stop.abort(), ended),
  };
}

async function inFolder(test: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "oie-threat-feeds-" });
  try {
    await test(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("ThreatFeeds reads the custom list at once, each interval, on request and when it changes", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/list.txt`;
    await Deno.writeTextFile(path, "1.2.3.1\n");
    const flags = [`-customlist.path=${path}`, "-customlist.enable", "-customlist.refresh=1m"];
    const running = run(flags);
    const { clock, feeds, messages } = running;
    await settle();
    assert.equal(running.mask(1), CUSTOM);
    assert.deepEqual(messages.at(-1)?.telemetry, [{
      list: "customlist",
      lastSuccessMs: 1_000_000,
      durationMs: 0,
      errorsTotal: 0,
      entries: 1,
    }]);

    await Deno.writeTextFile(path, "1.2.3.2\n");
    feeds.reloadFiles();
    await settle();
    assert.deepEqual([running.mask(1), running.mask(2)], [0, CUSTOM]);

    // Found by looking at the file: seen, then seen unchanged.
    await Deno.writeTextFile(path, "1.2.3.3/32\n1.2.3.4");
    for (let second = 0; second < 2; second++) {
      clock.advance(1000);
      await settle();
    }
    assert.deepEqual([running.mask(2), running.mask(3)], [0, CUSTOM]);

    const before = messages.length;
    clock.advance(60_000);
    await settle();
    assert.equal(messages.length, before + 1);
    // Nothing changed: no new index, but a new time.
    assert.equal(messages.at(-1)?.index, undefined);
    assert.equal(messages.at(-1)?.telemetry[0]?.lastSuccessMs, 1_062_000);

    await Deno.remove(path);
    feeds.reloadFiles();
    await settle();
    const telemetry = messages.at(-1)?.telemetry[0];
    assert.deepEqual([telemetry?.entries, telemetry?.errorsTotal], [2, 1]);
    assert.equal(running.mask(3), CUSTOM);
    await running.end();
  });
});

Deno.test("ThreatFeeds matches after a restart without its sources what the cache kept", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/list.txt`;
    await Deno.writeTextFile(path, "1.2.3.1\n");
    const flags = [
      `-customlist.path=${path}`,
      "-customlist.enable",
      `-threat.cache.dir=${folder}/cache`,
    ];
    const first = run(flags);
    while (first.messages.length < 2) await settle();
    await first.end();
    await Deno.remove(path);

    const second = run(flags);
    while (second.messages.length < 2) await settle();
    assert.equal(second.mask(1), CUSTOM);
    const [restored, refreshed] = second.messages;
    assert.deepEqual(restored?.telemetry, [
      { list: "customlist", lastSuccessMs: 1_000_000, errorsTotal: 0, entries: 1 },
    ]);
    assert.equal(refreshed?.telemetry[0]?.errorsTotal, 1);
    await second.end();

    await Deno.writeTextFile(`${folder}/cache/customlist.path.list`, "damaged");
    await Deno.writeTextFile(path, "1.2.3.2\n");
    const third = run(flags);
    while (third.messages.length < 2) await settle();
    assert.deepEqual([third.mask(1), third.mask(2)], [0, CUSTOM]);
    await third.end();
  });
});

Deno.test("ThreatFeeds.resend publishes all again, an index only where there was one", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/list.txt`;
    const running = run([`-customlist.path=${path}`, "-customlist.enable"]);
    const { feeds, messages } = running;
    while (messages.length < 2) await settle();
    feeds.resend();
    assert.deepEqual(messages.map(({ index }) => index), [undefined, undefined, undefined]);

    await Deno.writeTextFile(path, "1.2.3.1\n");
    feeds.reloadFiles();
    while (messages.length < 4) await settle();
    feeds.resend();
    assert.equal(messages.length, 5);
    assert.deepEqual(messages[4], messages[3]);
    assert.notEqual(messages[4]?.index, messages[3]?.index);
    assert.equal(running.mask(1), CUSTOM);
    await running.end();
  });
});

Deno.test("ThreatFeeds tells of every enabled list before any was read", async () => {
  const flags = THREAT_LISTS.flatMap(({ flag, sources }) => [
    `-${flag}.enable`,
    ...sources.map(({ flag, kind }) =>
      `-${flag}=${kind === "url" ? "http://127.0.0.1:1/" : "/no/such/list"}`
    ),
  ]);
  const running = run(flags);
  while (running.messages.length < 1 + THREAT_LISTS.length) await settle();
  const [first] = running.messages;
  assert.deepEqual(
    first?.telemetry,
    THREAT_LISTS.map(({ name }) => ({ list: name, errorsTotal: 0, entries: 0 })),
  );
  assert.deepEqual(
    running.messages.at(-1)?.telemetry.map(({ errorsTotal }) => errorsTotal),
    THREAT_LISTS.map(({ sources }) => sources.length),
  );
  await running.end();
});

Deno.test("ThreatFeeds counts a list that cannot be indexed as its error and matches what it had", async () => {
  await inFolder(async (folder) => {
    const path = `${folder}/list.txt`;
    await Deno.writeTextFile(path, "1.2.3.1\n");
    const flags = [
      "-customlist.enable",
      `-customlist.path=${path}`,
      `-threat.cache.dir=${folder}/cache`,
    ];
    let fails = false;
    const build: typeof buildIndex = (lists) => {
      if (fails) throw new RangeError("Array buffer allocation failed");
      return buildIndex(lists);
    };
    const state = ({ messages }: Running) => {
      const newest = messages.at(-1);
      const [list] = newest?.telemetry ?? [];
      return [newest?.index !== undefined, list?.entries, list?.errorsTotal, list?.lastSuccessMs];
    };
    const running = run(flags, build);
    while (running.messages.length < 2) await settle();
    assert.deepEqual(state(running), [true, 1, 0, 1_000_000]);

    fails = true;
    running.clock.advance(500);
    await Deno.writeTextFile(path, "1.2.3.2\n1.2.3.3\n");
    running.feeds.reloadFiles();
    while (running.messages.length < 3) await settle();
    assert.deepEqual(state(running), [false, 1, 1, 1_000_000]);
    assert.equal(running.mask(1), CUSTOM);

    fails = false;
    running.feeds.reloadFiles();
    while (running.messages.length < 4) await settle();
    assert.deepEqual(state(running), [true, 2, 1, 1_000_500]);
    assert.deepEqual([running.mask(1), running.mask(2)], [0, CUSTOM]);
    await running.end();

    // What the cache has cannot be indexed either: the list is read anew.
    fails = true;
    const restarted = run(flags, build);
    while (restarted.messages.length < 2) await settle();
    assert.deepEqual(restarted.messages[0], {
      type: "threats",
      telemetry: [{ list: "customlist", errorsTotal: 1, entries: 0 }],
    });
    assert.deepEqual(state(restarted).slice(0, 3), [false, 0, 2]);
    fails = false;
    restarted.feeds.reloadFiles();
    while (restarted.messages.length < 3) await settle();
    assert.equal(restarted.mask(2), CUSTOM);
    await restarted.end();
  });
});
