interface DomainState {
  readonly name: string;
  /** Names of the reasons; the place of a name is its number. */
  readonly reasons: readonly string[];
}

/**
 * `virDomainState` with its reasons, by number, under the names of libvirt-domain.h:
 * VIR_DOMAIN_PAUSED_IOERROR is the state `paused` with the reason `ioerror`. A test compares the
 * numbers with the installed header.
 */
export const DOMAIN_STATES: readonly DomainState[] = [
  { name: "nostate", reasons: ["unknown"] },
  {
    name: "running",
    reasons: [
      "unknown",
      "booted",
      "migrated",
      "restored",
      "from_snapshot",
      "unpaused",
      "migration_canceled",
      "save_canceled",
      "wakeup",
      "crashed",
      "postcopy",
      "postcopy_failed",
    ],
  },
  { name: "blocked", reasons: ["unknown"] },
  {
    name: "paused",
    reasons: [
      "unknown",
      "user",
      "migration",
      "save",
      "dump",
      "ioerror",
      "watchdog",
      "from_snapshot",
      "shutting_down",
      "snapshot",
      "crashed",
      "starting_up",
      "postcopy",
      "postcopy_failed",
      "api_error",
    ],
  },
  { name: "shutdown", reasons: ["unknown", "user"] },
  {
    name: "shutoff",
    reasons: [
      "unknown",
      "shutdown",
      "destroyed",
      "crashed",
      "migrated",
      "saved",
      "failed",
      "from_snapshot",
      "daemon",
    ],
  },
  { name: "crashed", reasons: ["unknown", "panicked"] },
  { name: "pmsuspended", reasons: ["unknown"] },
];

/** Names of a state and its reason; a number that is not known yet stays a number. */
export function domainState(
  state: number,
  reason: number | undefined,
): { readonly state: string; readonly reason: string } {
  const known = DOMAIN_STATES[state];
  return {
    state: known?.name ?? String(state),
    reason: reason === undefined ? "" : known?.reasons[reason] ?? String(reason),
  };
}
