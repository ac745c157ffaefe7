import { THREAT_LISTS, type ThreatList, type ThreatListName } from "../threat/lists.ts";
import { type Family, family } from "./family.ts";

const CONTACT_LABELS = [
  "domain",
  "instance_uuid",
  "project_uuid",
  "user_uuid",
  "direction",
] as const;

/** Families of one list with series for each instance. */
export interface ContactFamilies {
  readonly active: Family<typeof CONTACT_LABELS>;
  readonly total: Family<typeof CONTACT_LABELS>;
}

/** Families of one list's refreshing; each has at most one series. */
export interface RefreshFamilies {
  readonly lastSuccess: Family<readonly []>;
  readonly duration: Family<readonly []>;
  readonly errors: Family<readonly []>;
  readonly entries: Family<readonly []>;
}

/** Contacts of instances with the addresses of each list. */
export const CONTACT: Readonly<Record<ThreatListName, ContactFamilies>> = byList(contactFamilies);

/** How the refreshing of each list stands. */
export const REFRESH: Readonly<Record<ThreatListName, RefreshFamilies>> = byList(refreshFamilies);

/** Addresses of this host that lists have. */
export const HOST_THREAT_LISTED = family({
  name: "oie_host_threat_listed",
  type: "gauge",
  help: "Address of this host on a threat list; the value is always 1.",
  labels: ["list", "ip", "family"],
  exported: "with `-host.threats.enable`, while the list has the address",
});

/** Every family of contacts, in the order of the lists. */
export const CONTACT_FAMILIES: readonly Family[] = THREAT_LISTS.flatMap(({ name }) =>
  Object.values(CONTACT[name])
);

/** The families of refreshing of these lists, in their order. */
export function refreshFamiliesOf(lists: readonly ThreatListName[]): readonly Family[] {
  return lists.flatMap((name) => Object.values(REFRESH[name]));
}

function byList<Families>(make: (list: ThreatList) => Families): Record<ThreatListName, Families> {
  const entries = THREAT_LISTS.map((list): [ThreatListName, Families] => [list.name, make(list)]);
  return Object.fromEntries(entries) as Record<ThreatListName, Families>;
}

function contactFamilies({ name, flag, title }: ThreatList): ContactFamilies {
  const exported =
    `with \`-${flag}.enable\`, from the instance's first contact on while the domain runs`;
  return {
    active: family({
      name: `oie_${name}_contact_active`,
      type: "gauge",
      help:
        `Pairs of a fixed IP and an address on the list "${title}", before or after DNAT, in the newest interval.`,
      labels: CONTACT_LABELS,
      exported,
      convention: {
        name: "oie_threat_contacts_active",
        help:
          "Pairs of a fixed IP and an address on the list, before or after DNAT, in the newest interval.",
        label: { name: "list", value: name },
      },
    }),
    total: family({
      name: `oie_${name}_contact`,
      type: "counter",
      help: `Pairs with an address on the list "${title}", added up over the intervals.`,
      labels: CONTACT_LABELS,
      exported,
      convention: {
        name: "oie_threat_contacts_total",
        help: "Pairs with an address on the list, added up over the intervals.",
        label: { name: "list", value: name },
      },
    }),
  };
}

function refreshFamilies({ name, flag, title }: ThreatList): RefreshFamilies {
  const whenEnabled = `with \`-${flag}.enable\``;
  const of = (suffix: string, type: "gauge" | "counter", help: string, exported: string) =>
    family({
      name: `oie_${name}_${suffix}`,
      type,
      help,
      labels: [],
      exported,
      since: type === "counter" ? "exporter" : undefined,
      convention: {
        name: `oie_threat_list_${suffix}`,
        help: help.replace(` "${title}"`, ""),
        label: { name: "list", value: name },
      },
    });
  return {
    lastSuccess: of(
      "refresh_last_success_timestamp_seconds",
      "gauge",
      `When the list "${title}" was last read well, in seconds since the epoch.`,
      `${whenEnabled}, once every source was read well`,
    ),
    duration: of(
      "refresh_duration_seconds",
      "gauge",
      `Time of the newest reading of the list "${title}", good or not, in seconds.`,
      `${whenEnabled}, once a reading ended`,
    ),
    errors: of(
      "refresh_errors_total",
      "counter",
      `Readings of a source of the list "${title}" that failed.`,
      whenEnabled,
    ),
    entries: of(
      "entries",
      "gauge",
      `Addresses and prefixes of the list "${title}" that are matched now.`,
      whenEnabled,
    ),
  };
}
