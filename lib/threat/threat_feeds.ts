import type { LoopClock } from "../collection_loop.ts";
import type { Config } from "../config/config.ts";
import type { Logger } from "../log/logger.ts";
import { TroubleLog } from "../log/trouble_log.ts";
import type { ThreatsMessage } from "../messages.ts";
import { buildIndex } from "./build_index.ts";
import { enabledLists } from "./enabled_lists.ts";
import { FeedCache } from "./feed_cache.ts";
import { openFeedClient } from "./feed_client.ts";
import { fileSource } from "./feed_file.ts";
import { httpSource } from "./feed_http.ts";
import type { FeedSource } from "./feed_source.ts";
import { watchFile } from "./file_watch.ts";
import { ListFeed } from "./list_feed.ts";
import { RefreshLoop } from "./refresh_loop.ts";
import type { ThreatIndexData } from "./threat_index.ts";

/** How often a list that is a local file is looked at. */
const WATCH_EVERY_MS = 1000;

/** What the feeds need of the world. */
export interface ThreatFeedsOptions {
  readonly log: Logger;
  readonly clock: LoopClock;
  /** Milliseconds since the epoch. */
  readonly wall: () => number;
  /** Gets how the lists stand whenever that changed; the index is the receiver's. */
  readonly publish: (message: ThreatsMessage) => void;
  /** Opens the client of one reading; the default trusts what the system trusts. */
  readonly openClient?: () => Deno.HttpClient;
  readonly deadlineMs?: number;
  /** Puts the lists into one structure. */
  readonly build?: typeof buildIndex;
}

interface RunningList {
  readonly feed: ListFeed;
  readonly bit: number;
  readonly loop: RefreshLoop;
  /** The sources of it that are local files. */
  readonly files: readonly string[];
}

/** Every enabled list, each refreshed on its own clock. */
export class ThreatFeeds {
  readonly #lists: readonly RunningList[];
  readonly #options: ThreatFeedsOptions;
  /** Whether an index was published: before, there is nothing to match against. */
  #isIndexed = false;
  #stop: AbortSignal = new AbortController().signal;

  constructor(config: Config, options: ThreatFeedsOptions) {
    this.#options = options;
    const { log, clock, wall } = options;
    const folder = config["threat.cache.dir"];
    const cache = folder === "" ? undefined : new FeedCache(folder);
    const now = () => clock.now();
    const troubles = new TroubleLog(log, { nowMs: now });
    this.#lists = enabledLists(config).map(({ list, bit }) => {
      const sources = list.sources.map((source): FeedSource => {
        const { flag } = source;
        const { format } = list;
        if (source.kind === "path") return fileSource({ flag, format, path: config[source.flag] });
        const { openClient = openFeedClient, deadlineMs } = options;
        return httpSource({
          flag,
          format,
          url: config[source.flag],
          openClient,
          ...deadlineMs !== undefined && { deadlineMs },
        });
      });
      const feed = new ListFeed(list.name, sources, { log, troubles, cache, wall, now });
      const loop = new RefreshLoop(() => this.#refresh(feed), {
        intervalMs: config[`${list.flag}.refresh`],
        clock,
      });
      const files = sources.filter((_, at) => list.sources[at]?.kind === "path");
      return { feed, bit, loop, files: files.map(({ origin }) => origin) };
    });
  }

  /** Takes what the cache has, then refreshes until the signal. */
  async run(signal: AbortSignal): Promise<void> {
    this.#stop = signal;
    const restored = await Promise.all(this.#lists.map(({ feed }) => feed.restore()));
    if (restored.includes(true)) {
      // Which list it is that cannot be indexed is not known: all are read anew.
      this.#publishIndex(this.#lists.map(({ feed }) => feed));
    } else {
      this.#publish();
    }
    const { clock } = this.#options;
    await Promise.all(this.#lists.flatMap(({ loop, files }) => [
      loop.run(signal),
      ...files.map((path) =>
        watchFile(path, () => loop.wake(), { intervalMs: WATCH_EVERY_MS, clock, signal })
      ),
    ]));
  }

  /** Reads the lists that are local files again, now. */
  reloadFiles(): void {
    for (const { loop, files } of this.#lists) if (files.length > 0) loop.wake();
  }

  /** Publishes once more what was published last: a published index is its receiver's alone. */
  resend(): void {
    if (this.#isIndexed) this.#publishIndex([]);
    else this.#publish();
  }

  async #refresh(feed: ListFeed): Promise<void> {
    const isChanged = await feed.refresh(this.#stop);
    if (this.#stop.aborted) return;
    if (isChanged) this.#publishIndex([feed]);
    else this.#publish();
  }

  /** Publishes what is matched now; where that cannot be indexed, the changed lists are as before. */
  #publishIndex(changed: readonly ListFeed[]): void {
    const { build = buildIndex } = this.#options;
    let index: ThreatIndexData | undefined;
    try {
      index = build(this.#lists.map(({ feed, bit }) => ({ bit, set: feed.set })));
      for (const feed of changed) feed.confirm();
    } catch (error) {
      for (const feed of changed) feed.takeBack(error);
    }
    this.#publish(index);
  }

  #publish(index?: ThreatIndexData): void {
    this.#isIndexed ||= index !== undefined;
    const telemetry = this.#lists.map(({ feed }) => feed.telemetry);
    this.#options.publish({ type: "threats", telemetry, ...index !== undefined && { index } });
  }
}
