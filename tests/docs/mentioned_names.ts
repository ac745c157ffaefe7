/** Names that texts may mention. */
export interface KnownNames {
  /** Metrics, recorded ones too. */
  readonly metrics: ReadonlySet<string>;
  /** Flags, without the dash. */
  readonly flags: ReadonlySet<string>;
  readonly tasks: ReadonlySet<string>;
}

/** `LEVEL:oie_x:op`, `oie_host_*` or `oie_host_.+`, `oie_net_{rx,tx}_gbytes`, `oie_disk_[rw]_gbytes`. */
const METRIC =
  /(?<![\w:.\/-])((?:[A-Za-z_]+:)?oie_(?:[a-z0-9_*]|\.[+*]|\{[a-z0-9_,]+\}|\[[a-z]+\])*(?::[a-z0-9_]+)?)/g;
/** A flag of ours has a dot in its name; `-tor.exit.*` and `-collector.NAME` are several. */
const FLAG = /(?<![\w.)\]-])-([a-z]+(?:\.(?:[A-Za-z0-9*_-]|\{[a-z0-9,.-]+\})+)+)/g;
const TASK = /\bdeno\s+task\s+([a-z][a-z0-9:_-]*)/g;

/** Names of metrics, flags and tasks that a text mentions and nobody declares; a line for each. */
export function unknownNames(text: string, known: KnownNames): string[] {
  const kinds = [
    ["metric", METRIC, known.metrics],
    ["flag", FLAG, known.flags],
    ["task", TASK, known.tasks],
  ] as const;
  return kinds.flatMap(([kind, pattern, names]) => {
    const mentioned = new Set(Array.from(text.matchAll(pattern), ([, name = ""]) => name));
    return [...mentioned].flatMap(alternatives)
      .filter((name) => !fitsAny(name, names))
      .map((name) => `no ${kind} ${name}`);
  });
}

/** `a_{b,c}` is `a_b` and `a_c`. */
function alternatives(name: string): string[] {
  const [whole, words] = /\{([^}]*)\}/.exec(name) ?? [];
  if (whole === undefined || words === undefined) return [name];
  return words.split(",").flatMap((word) => alternatives(name.replace(whole, () => word)));
}

/** Whether a name is declared; with `*`, a class of letters or a word in capitals, whether any such is. */
function fitsAny(name: string, names: ReadonlySet<string>): boolean {
  if (names.has(name)) return true;
  const wildcard = /[A-Z]+|\.?\*|\.\+/;
  if (!wildcard.test(name) && !name.includes("[")) return false;
  const pattern = name.split(wildcard).map((part) => part.replaceAll(".", "\\.")).join(".+");
  return [...names].some((each) => new RegExp(`^${pattern}$`).test(each));
}
