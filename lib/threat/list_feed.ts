import type { Logger } from "../log/logger.ts";
import type { TroubleLog } from "../log/trouble_log.ts";
import type { FeedCache, GoodReading } from "./feed_cache.ts";
import { type FeedSource, refusedOf } from "./feed_source.ts";
import { shownUrl } from "./feed_url.ts";
import type { ThreatListName } from "./lists.ts";
import type { ParsedList } from "./parsed_list.ts";
import { entriesOf, type PrefixSet, sameSet, unionOf } from "./prefix_set.ts";
import type { ListTelemetry } from "./telemetry.ts";

/** A reading that only was confirmed is written to the cache again no more often than this. */
const CONFIRMED_EVERY_MS = 10 * 60_000;

const UNREADABLE = "A threat list cannot be refreshed";
const REFUSED = "A threat list has prefixes that are refused";
const UNUSABLE = "A threat list cannot be indexed";
const CACHE = "The cache of a threat list cannot be used";

/** What a list needs of the world. */
export interface ListFeedOptions {
  readonly log: Logger;
  readonly troubles: TroubleLog;
  /** Where good readings are kept over a restart. */
  readonly cache?: FeedCache | undefined;
  /** Milliseconds of a clock that never steps. */
  readonly now: () => number;
  /** Milliseconds since the epoch. */
  readonly wall: () => number;
}

interface SourceState {
  readonly source: FeedSource;
  good?: GoodReading | undefined;
  /** What was good before the newest change. */
  before?: GoodReading | undefined;
  savedMs: number;
}

/**
 * One threat list over time: the last good reading of each of its sources, which stays in place
 * whatever happens to later ones.
 */
export class ListFeed {
  readonly list: ThreatListName;
  readonly #states: readonly SourceState[];
  readonly #options: ListFeedOptions;
  #set: PrefixSet = unionOf([]);
  /** What was matched before the newest change. */
  #before = this.#set;
  #durationMs: number | undefined;
  #errors = 0;

  constructor(list: ThreatListName, sources: readonly FeedSource[], options: ListFeedOptions) {
    this.list = list;
    this.#states = sources.map((source) => ({ source, savedMs: -Infinity }));
    this.#options = options;
  }

  /** What is matched now. */
  get set(): PrefixSet {
    return this.#set;
  }

  get telemetry(): ListTelemetry {
    const times = this.#states.map(({ good }) => good?.atMs ?? NaN);
    const lastSuccessMs = Math.min(...times);
    return {
      list: this.list,
      ...!Number.isNaN(lastSuccessMs) && { lastSuccessMs },
      ...this.#durationMs !== undefined && { durationMs: this.#durationMs },
      errorsTotal: this.#errors,
      entries: entriesOf(this.#set),
    };
  }

  /** Takes what an earlier run of the program left in the cache; true where that was anything. */
  async restore(): Promise<boolean> {
    const { cache, log, troubles } = this.#options;
    let isChanged = false;
    for (const state of this.#states) {
      const { flag, origin } = state.source;
      try {
        const good = await cache?.load(flag, origin);
        if (good === undefined) continue;
        // A clock that was wrong must not make the list fresher than now.
        state.good = { ...good, atMs: Math.min(good.atMs, this.#options.wall()) };
        isChanged = true;
        log.info("Threat list restored", { source: flag, entries: entriesOf(good.set) });
      } catch (error) {
        troubles.report(CACHE, { subject: flag, fields: { reason: messageOf(error) } });
      }
    }
    return isChanged && this.#unite();
  }

  /** Reads every source once; true where that changed what is matched. Never throws. */
  async refresh(signal: AbortSignal): Promise<boolean> {
    const startedMs = this.#options.now();
    for (const state of this.#states) state.before = state.good;
    const changes = await Promise.all(this.#states.map((state) => this.#read(state, signal)));
    if (signal.aborted) return false;
    const isChanged = changes.includes(true) && this.#unite();
    this.#durationMs = this.#options.now() - startedMs;
    return isChanged;
  }

  /** The newest change is in use. */
  confirm(): void {
    this.#options.troubles.end(UNUSABLE, this.list);
  }

  /** Goes back to what was matched before the newest change, which cannot be used. */
  takeBack(error: unknown): void {
    this.#errors++;
    this.#options.troubles.report(UNUSABLE, {
      subject: this.list,
      fields: { reason: messageOf(error) },
    });
    for (const state of this.#states) {
      state.good = state.before;
      state.savedMs = -Infinity;
    }
    this.#set = this.#before;
  }

  async #read(state: SourceState, signal: AbortSignal): Promise<boolean> {
    const { source, good: before } = state;
    const { troubles, wall } = this.#options;
    try {
      const answer = await source.read(before?.validators, signal);
      troubles.end(UNREADABLE, source.flag);
      const atMs = wall();
      if (answer.outcome === "unchanged") {
        if (before !== undefined) await this.#keep(state, { ...before, atMs }, false);
        return false;
      }
      const { set } = answer.list;
      const isChanged = before === undefined || !sameSet(before.set, set);
      this.#tell(source, answer.list, isChanged);
      await this.#keep(state, { set, validators: answer.validators, atMs }, isChanged);
      return isChanged;
    } catch (error) {
      if (signal.aborted) return false;
      this.#errors++;
      const url = shownUrl(source.origin);
      troubles.report(UNREADABLE, {
        subject: source.flag,
        fields: { reason: messageOf(error), url, entries_kept: before && entriesOf(before.set) },
      });
      return false;
    }
  }

  #tell({ flag }: FeedSource, list: ParsedList, isChanged: boolean): void {
    const { log, troubles } = this.#options;
    const { skipped, tooWide, examples: [first] } = list;
    const example = first && `line ${first.line}: ${first.reason}`;
    const fields = { source: flag, entries: entriesOf(list.set), skipped, example };
    if (isChanged) log.info("Threat list refreshed", fields);
    else log.debug("Threat list refreshed", fields);
    if (tooWide === 0) return troubles.end(REFUSED, flag);
    troubles.report(REFUSED, {
      subject: flag,
      fields: { prefixes: refusedOf(list), refused: tooWide },
    });
  }

  async #keep(state: SourceState, good: GoodReading, isChanged: boolean): Promise<void> {
    state.good = good;
    const { cache, troubles, now } = this.#options;
    const { flag, origin } = state.source;
    if (cache === undefined) return;
    if (!isChanged && now() - state.savedMs < CONFIRMED_EVERY_MS) return;
    try {
      await cache.save(flag, origin, good);
      state.savedMs = now();
      troubles.end(CACHE, flag);
    } catch (error) {
      troubles.report(CACHE, { subject: flag, fields: { reason: messageOf(error) } });
    }
  }

  /** Puts the sources together; false where that cannot be done, and all is as before. */
  #unite(): boolean {
    this.#before = this.#set;
    try {
      const sets = this.#states.flatMap(({ good }) => good === undefined ? [] : [good.set]);
      this.#set = unionOf(sets);
      return true;
    } catch (error) {
      this.takeBack(error);
      return false;
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
