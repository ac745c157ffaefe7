import { SORT_NAMES } from "../screen/instance_order.ts";
import { LIST_FORMATS } from "../threat/list_parser.ts";
import { THREAT_LISTS, type ThreatListName } from "../threat/lists.ts";

/** What `check-list -kind` takes: a kind of text, or the name of a list. */
export type CheckKind = (typeof LIST_FORMATS)[number] | ThreatListName;

/** Every kind that `check-list` knows. */
export const CHECK_KINDS: readonly CheckKind[] = [
  ...LIST_FORMATS,
  ...THREAT_LISTS.map(({ name }) => name),
];

/** A flag of a subcommand. */
export interface SubcommandFlag {
  readonly name: string;
  /** One sentence without a full stop. */
  readonly help: string;
  /** Word for the value; empty where there need be none. */
  readonly placeholder: string;
  /** One of some words, a file, any text, or nothing (`switch`: then true or false behind "="). */
  readonly value: readonly string[] | "file" | "text" | "switch";
  /** As an operator would write it; empty where there is none. */
  readonly default: string;
}

/** A word in the place of flags that makes the program do something else than to serve. */
export interface Subcommand {
  readonly name: string;
  /** What stands behind it. */
  readonly synopsis: string;
  /** One sentence without a full stop. */
  readonly help: string;
  /** Whether it takes files besides flags. */
  readonly takesFiles: boolean;
  readonly flags: readonly SubcommandFlag[];
}

export const CHECK_LIST = {
  name: "check-list",
  synopsis: "FILE|URL [-kind=KIND|LIST]",
  help: "Read a threat list once, as it would be read, and tell what came of it",
  takesFiles: true,
  flags: [{
    name: "kind",
    help: "What it is read as: a kind of text, or the list that it is for",
    placeholder: "kind",
    value: CHECK_KINDS,
    default: "auto",
  }],
} as const satisfies Subcommand;

export const TOP = {
  name: "top",
  synopsis: "[-url=URL] [-sort=WHAT] [-filter=TEXT] [-once] [-json]",
  help: "Show what each instance of a node does now, in the terminal",
  takesFiles: false,
  flags: [
    {
      name: "url",
      help: "Where the exporter serves",
      placeholder: "url",
      value: "text",
      default: "http://127.0.0.1:9120",
    },
    {
      name: "user",
      help: "User of the exporter's web config",
      placeholder: "name",
      value: "text",
      default: "",
    },
    {
      name: "password.file",
      help: "File with the password of that user",
      placeholder: "path",
      value: "file",
      default: "",
    },
    {
      name: "ca.file",
      help: "File with certificates to trust; without it the system's count",
      placeholder: "path",
      value: "file",
      default: "",
    },
    {
      name: "sort",
      help: "What comes first",
      placeholder: "what",
      value: SORT_NAMES,
      default: "cpu",
    },
    {
      name: "filter",
      help:
        "Words that an instance has in a name, a UUID or a fixed IP; project:WORD looks at its project",
      placeholder: "text",
      value: "text",
      default: "",
    },
    {
      name: "once",
      help: "Print the table once, for a file or another program",
      placeholder: "",
      value: "switch",
      default: "false",
    },
    {
      name: "json",
      help: "Print the exporter's answer once, as JSON with the instances that match, in order",
      placeholder: "",
      value: "switch",
      default: "false",
    },
  ],
} as const satisfies Subcommand;

/** Every subcommand: the usage text, the manual page and the shells' completions read these rows. */
export const SUBCOMMANDS: readonly Subcommand[] = [TOP, CHECK_LIST];
