import assert from "node:assert/strict";
import { sleepFor } from "../../lib/collection_loop.ts";
import type { PortZones } from "../../lib/conntrack/port_zones.ts";
import { connectOvsdb } from "../../lib/ovs/connect_ovsdb.ts";
import type { OvsState } from "../../lib/ovs/ovs_state.ts";
import { OvsWatch } from "../../lib/ovs/ovs_watch.ts";
import { within } from "../../lib/within.ts";
import { waitUntil } from "../e2e/wait_until.ts";

/** A watch over a real database, and the newest that it told. */
export class WatchedOvsdb implements AsyncDisposable {
  newest: OvsState | undefined;
  readonly log: string[] = [];
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(path: string, probeAfterMs?: number) {
    const write = (message: string) => this.log.push(message);
    const watch = new OvsWatch({
      connect: () => connectOvsdb(path),
      publish: (state) => this.newest = state,
      log: { error: write, notice: write, info: write, debug: write },
      clock: { now: () => performance.now(), sleep: sleepFor },
      ...probeAfterMs !== undefined && { probeAfterMs },
    });
    this.#running = watch.run(this.#stop.signal);
  }

  /** Waits until the zones are these; null is none known. */
  async sees(zones: Readonly<Record<string, number>> | null): Promise<PortZones | undefined> {
    const textOf = (entries: Iterable<[string, number]>) => JSON.stringify([...entries].sort());
    const wanted = zones && textOf(Object.entries(zones));
    await waitUntil(`zones ${wanted}`, () => {
      const seen = this.newest && (this.newest.zones ? textOf(this.newest.zones) : null);
      return Promise.resolve(seen === wanted ? true : undefined);
    }, { withinMs: 30_000, describe: () => JSON.stringify([...this.newest?.zones ?? []]) });
    return this.newest?.zones;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    assert.notEqual(await within(this.#running, 10_000, "late"), "late");
  }
}
