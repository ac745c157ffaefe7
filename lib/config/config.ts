import type { FlagRow } from "./flag_row.ts";
import { FLAGS } from "./flags.ts";
import type { KindName, KINDS } from "./kinds.ts";

type Row = (typeof FLAGS)[number];
type ValueOf<Name extends KindName> = ReturnType<(typeof KINDS)[Name]["parse"]>;

/**
 * The program's settings, by flag name, such as `config["cpu.min"]`. Durations are milliseconds.
 * Plain data: it can be posted to a worker.
 */
export type Config = { readonly [R in Row as R["name"]]: ValueOf<R["kind"]> };

/** The rows of {@linkcode FLAGS} by name. */
export const FLAG_BY_NAME: ReadonlyMap<string, FlagRow> = new Map(
  FLAGS.map((row): [string, FlagRow] => [row.name, row]),
);
