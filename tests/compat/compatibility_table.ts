import { type PageReport, type SystemReport, VERSIONED } from "./debian_system.ts";

/** A row of the table: what is told, and its cell for one system. */
type Row = readonly [title: string, cell: (report: SystemReport, all: readonly string[]) => string];

const ROWS: readonly Row[] = [
  ...VERSIONED.map((name): Row => [name, ({ versions }) => versions[name] ?? ""]),
  ["the deb installs, the binary starts", () => "yes"],
  ["libvirt's test driver", ({ testDriver }) => pageCell(testDriver)],
  ["libvirtd with a QEMU guest", ({ libvirtd }) => pageCell(libvirtd)],
  ["virtqemud with a QEMU guest", ({ virtqemud }) => virtqemud ? pageCell(virtqemud) : "not run"],
  ["packets to a vNIC of type ethernet are", ({ libvirtd }) => libvirtd.greetings],
  [
    "families of a QEMU guest, but vNIC counters",
    ({ libvirtd }) => String(libvirtd.families.length),
  ],
  [
    "of these, lacking",
    ({ libvirtd }, all) =>
      all.filter((name) => !libvirtd.families.includes(name)).map(code).join(", ") || "none",
  ],
];

/** What was seen, as a table of Markdown with a column for each system. */
export function compatibilityTable(reports: readonly SystemReport[]): string {
  const all = [...new Set(reports.flatMap(({ libvirtd }) => libvirtd.families))].sort();
  const lines = [
    ["", ...reports.map(({ suite }) => `Debian ${suite}`)],
    ["---", ...reports.map(() => "---")],
    ...ROWS.map(([title, cell]) => [title, ...reports.map((report) => cell(report, all))]),
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

function pageCell({ uri, instances, entries, ipv4Flows, ipv6Flows }: PageReport): string {
  const by = uri.startsWith("test:") ? "" : `${code(uri)}, `;
  const flows = [ipv4Flows, ipv6Flows].filter((count) => count !== undefined).join(" and ");
  return `${by}${instances} ${instances === 1 ? "instance" : "instances"}, ${entries} conntrack ` +
    `entries, ${flows} of its fixed IPs`;
}

function code(text: string): string {
  return `\`${text}\``;
}
