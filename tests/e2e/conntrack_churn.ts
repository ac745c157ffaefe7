import { type ConntrackTable, UDP } from "../../scripts/demo/conntrack_table.ts";

const TICK_MS = 50;
const LIFETIME_SECONDS = 1;
const REMOTES = 60_000;

/**
 * Changes the conntrack table all the time: so many entries a second come, from the address that `src`
 * says, to one remote after the other, and each goes again a second later.
 */
export class ConntrackChurn implements Disposable {
  readonly #timer: ReturnType<typeof setInterval>;
  #created = 0;

  constructor(
    table: ConntrackTable,
    options: { readonly src: (number: number) => string; readonly perSecond: number },
  ) {
    const startedMs = performance.now();
    // Counted from the start, so that a late timer makes up for what it missed.
    this.#timer = setInterval(() => {
      const due = Math.floor((performance.now() - startedMs) / 1000 * options.perSecond);
      for (; this.#created < due; this.#created++) {
        const remote = this.#created % REMOTES;
        table.create([{
          protocol: UDP,
          src: options.src(this.#created),
          dst: `198.18.${remote >>> 8}.${remote & 255}`,
          srcPort: 1024 + Math.floor(this.#created / REMOTES) % REMOTES,
          dstPort: 53,
          timeoutSeconds: LIFETIME_SECONDS,
        }]);
      }
    }, TICK_MS);
  }

  /** Entries created so far. */
  get created(): number {
    return this.#created;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
