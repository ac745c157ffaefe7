/** What the collecting thread is doing; `idle` is the sleep between two cycles. */
export type Phase = typeof PHASES[number];

/** A sign of life, as the main thread sees it. */
export interface Beat {
  /** Changes with each beat, the same phase again included. */
  readonly id: number;
  readonly phase: Phase;
}

/** In the order of their numbers in the shared cell. */
const PHASES = ["idle", "connect", "libvirt", "conntrack", "collect"] as const;
const PHASE_BITS = 3;
const PHASE_MASK = (1 << PHASE_BITS) - 1;

/**
 * The collecting thread's sign of life in memory that both threads see: a message would wait behind
 * others, and could be late only because the main thread was. One thread beats, any may read.
 */
export class Pulse {
  readonly #cell: Int32Array<SharedArrayBuffer>;

  /** @param buffer The {@link buffer} of another thread's pulse; a new one unless given. */
  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.#cell = new Int32Array(buffer);
  }

  /** What to post to the other thread. */
  get buffer(): SharedArrayBuffer {
    return this.#cell.buffer;
  }

  /** Says that this phase begins now. */
  beat(phase: Phase): void {
    const next = (Atomics.load(this.#cell, 0) >> PHASE_BITS) + 1;
    Atomics.store(this.#cell, 0, (next << PHASE_BITS) | PHASES.indexOf(phase));
  }

  /** The newest beat; `idle` before the first. */
  read(): Beat {
    const id = Atomics.load(this.#cell, 0);
    return { id, phase: PHASES[id & PHASE_MASK] ?? "idle" };
  }
}
