/** Where the points of a history stand in time. */
export interface TimelineFrame {
  readonly step_seconds: number;
  /** When the newest point's time began, in seconds since 1970. */
  readonly ended_at: number;
}

/**
 * Values of equal steps of time, the newest of them still growing: it begins with what the exporter
 * remembers and goes on with what each new snapshot says, so that no history is asked for twice.
 */
export class Timeline {
  readonly #step: number;
  readonly #most: number;
  readonly #channels: (number | null)[][];
  #endedAt: number;
  /** Cycles that the newest point is the mean of; what the exporter sent counts as one. */
  #cycles = 1;

  /** @param channels Oldest value first, all of one length. */
  constructor(
    { step_seconds, ended_at }: TimelineFrame,
    channels: readonly (readonly (number | null)[])[],
    most: number,
  ) {
    this.#step = step_seconds;
    this.#endedAt = ended_at;
    this.#most = most;
    this.#channels = channels.map((values) => values.slice(-most));
  }

  /** Seconds since 1970 at which each point's time began. */
  get times(): number[] {
    const { length } = this.#channels[0] ?? [];
    return Array.from({ length }, (_, at) => this.#endedAt - (length - 1 - at) * this.#step);
  }

  /** Values of one channel, oldest first. */
  values(channel: number): readonly (number | null)[] {
    return this.#channels[channel] ?? [];
  }

  /** Takes in the values of a cycle that ended at `at`, in seconds since 1970. */
  add(at: number, values: readonly (number | null)[]): void {
    const steps = Math.max(0, Math.floor((at - this.#endedAt) / this.#step));
    const isAnew = steps > this.#most || this.#channels[0]?.length === 0;
    this.#endedAt += steps * this.#step;
    this.#cycles = steps > 0 ? 1 : this.#cycles + 1;
    this.#channels.forEach((channel, index) => {
      const value = values[index] ?? null;
      if (isAnew) channel.splice(0, channel.length, value);
      else if (steps > 0) {
        for (let gap = 1; gap < steps; gap++) channel.push(null);
        channel.push(value);
        channel.splice(0, channel.length - this.#most);
      } else if (value !== null) {
        const mean = channel.pop() ?? value;
        channel.push(mean + (value - mean) / this.#cycles);
      }
    });
  }
}
