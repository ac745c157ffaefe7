/** One comparison of the benchmark table: a figure of ours against a floor or a peer of the same run. */
export interface BenchRow {
  readonly what: string;
  /** Our figure, with its unit, such as `812 ms`. */
  readonly ours: string;
  /** What it is held against, with its figure, such as `C receive loop 700 ms`. */
  readonly against: string;
  /** Ours divided by the other, or the absolute figure where the bar is absolute. */
  readonly ratio: number;
  /** The bar as it reads in the README, such as `<= 1.25 x`. */
  readonly bar: string;
  readonly pass: boolean;
}

/** One benchmark: a file `tests/bench/NAME_bench.ts` has one as its default export. */
export interface Bench {
  readonly name: string;
  /** With `smoke` the sizes are small and only shows that the benchmark runs; rows then do not judge. */
  run(options: { readonly smoke: boolean }): Promise<readonly BenchRow[]>;
}

/** What an operator may switch on where nothing says that it is costly. */
export const BEHAVIOR_FLAGS = ["-outbound.behavior.enable", "-inbound.behavior.enable"] as const;
