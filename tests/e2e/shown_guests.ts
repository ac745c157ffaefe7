const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g;

/** Family and labels of a series as a page writes them; values keep their escapes. */
export function seriesParts(series: string): {
  readonly family: string;
  readonly labels: Readonly<Record<string, string>>;
} {
  const family = series.split("{", 1)[0] ?? "";
  const pairs = [...series.matchAll(LABEL)].map(([, name = "", value = ""]) => [name, value]);
  return { family, labels: Object.fromEntries(pairs) };
}

/** What a page shows of guests, sorted: a line for each guest, disk and fixed IP. */
export function shownGuests(values: ReadonlyMap<string, number>): string[] {
  return [...values.keys()].map(seriesParts).flatMap(({ family, labels }) => {
    const { domain, instance_uuid, project_name, disk_path, ip } = labels;
    if (family === "oie_instance_info") return [`${domain} ${instance_uuid} ${project_name}`];
    if (family === "oie_disk_info") return [`${domain} ${disk_path}`];
    return family === "oie_conntrack_ip_flows_total" ? [`${domain} ${ip}`] : [];
  }).sort();
}

/** Devices of the vNICs that a page has counters of. */
export function shownInterfaces(values: ReadonlyMap<string, number>): ReadonlySet<string> {
  const parts = [...values.keys()].map(seriesParts);
  return new Set(parts.flatMap(({ labels }) => labels["interface"] ?? []));
}
