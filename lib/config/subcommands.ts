import { LIST_FORMATS } from "../threat/list_parser.ts";
import { THREAT_LISTS, type ThreatListName } from "../threat/lists.ts";

/** What `check-list -kind` takes: a kind of text, or the name of a list. */
export type CheckKind = (typeof LIST_FORMATS)[number] | ThreatListName;

/** Every kind that `check-list` knows. */
export const CHECK_KINDS: readonly CheckKind[] = [
  ...LIST_FORMATS,
  ...THREAT_LISTS.map(({ name }) => name),
];

/** A word in the place of flags that makes the program do something else than to serve. */
export interface Subcommand {
  readonly name: string;
  /** What stands behind it. */
  readonly synopsis: string;
  /** One sentence without a full stop. */
  readonly help: string;
  readonly flags: readonly {
    readonly name: string;
    readonly help: string;
    readonly values: readonly string[];
  }[];
}

/** Every subcommand: the usage text, the manual page and the shells' completions read these rows. */
export const SUBCOMMANDS: readonly Subcommand[] = [
  {
    name: "check-list",
    synopsis: "FILE|URL [-kind=KIND|LIST]",
    help: "Read a threat list once, as it would be read, and tell what came of it",
    flags: [{
      name: "kind",
      help: "What it is read as: a kind of text, or the list that it is for",
      values: CHECK_KINDS,
    }],
  },
];
