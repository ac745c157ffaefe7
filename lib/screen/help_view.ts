import { MARK_LETTERS } from "./columns.ts";
import { SORTS } from "./instance_order.ts";
import { type Line, span } from "./line.ts";

const KEYS: readonly (readonly [string, string])[] = [
  ["Up Down k j", "choose an instance, or scroll"],
  ["PgUp PgDn Space", "a screen up or down"],
  ["Home End g G", "the first or the last one"],
  ["Enter", "open the chosen instance: its devices and its last hour"],
  ["/", "filter; every word has to be in a name, a UUID or a fixed IP"],
  ["", "project:WORD looks at the project alone; Escape ends the filter"],
  ["Escape, q", "back; from the table q ends the program"],
  ["? h", "this help"],
];

const COLUMNS: readonly (readonly [string, string])[] = [
  ["CPU%", "use of all vCPUs together, 0 to 100"],
  ["R B/s, W B/s", "bytes read from and written to all disks a second"],
  ["REQ/s", "requests of all disks a second"],
  ["RX b/s, TX b/s", "bits received and sent a second"],
  ["FLOWS", "conntrack entries of all fixed IPs"],
  ["HITS", "contacts with listed addresses in the newest interval"],
  ["-", "not known: never shown as 0"],
];

/** What the keys and columns are. */
export function helpLines(): readonly Line[] {
  const sorts = SORTS.map(({ key, title }) => [key, `sort by ${title}`] as const);
  const marks = Object.values(MARK_LETTERS);
  return [
    ...part("Keys", KEYS),
    ...part("Order; the same key again turns it around", sorts),
    ...part("Marks in the first column", marks),
    ...part("Columns", COLUMNS),
  ].slice(0, -1);
}

function part(title: string, rows: readonly (readonly [string, string])[]): readonly Line[] {
  return [
    [span(title, "strong")],
    ...rows.map(([name, text]): Line => [span(`  ${name.padEnd(17)}`), span(text)]),
    [],
  ];
}
