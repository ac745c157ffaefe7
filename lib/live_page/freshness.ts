import { age } from "./quantity.ts";

/** How the newest asking went. */
export type Contact =
  | { readonly kind: "waiting" }
  | { readonly kind: "answers" }
  | {
    readonly kind: "lost";
    /** Milliseconds of the page's clock, as `nowMs`. */
    readonly sinceMs: number;
    readonly retryAtMs: number;
    /** What went wrong, in a few words. */
    readonly reason: string;
  };

/** What the freshness of a page follows from. */
export interface FreshnessFacts {
  readonly nowMs: number;
  readonly contact: Contact;
  readonly libvirtUp: boolean;
  /** Undefined before the first complete cycle. */
  readonly ageSeconds: number | undefined;
  readonly lifetimeSeconds: number;
  /** Whether what is shown is older than what the exporter still says. */
  readonly isKept: boolean;
}

/** How much what is shown can be trusted: a word for the header, and a banner where it cannot. */
export interface Freshness {
  readonly level: "good" | "waiting" | "old" | "lost";
  readonly word: string;
  readonly banner: string | undefined;
}

/** Judges what is shown. */
export function freshnessOf(facts: FreshnessFacts): Freshness {
  const { contact, libvirtUp, ageSeconds, lifetimeSeconds, nowMs, isKept } = facts;
  const shown = ageSeconds === undefined
    ? "No data came yet."
    : `What you see is ${age(ageSeconds)} old.`;
  if (contact.kind === "lost") {
    const since = age((nowMs - contact.sinceMs) / 1000);
    const again = Math.max(0, Math.ceil((contact.retryAtMs - nowMs) / 1000));
    return {
      level: "lost",
      word: "No answer",
      banner: `The exporter has not answered for ${since} (${contact.reason}). ${shown} ` +
        (again === 0 ? "Asking again." : `Asking again in ${again} s.`),
    };
  }
  if (contact.kind === "waiting") return { level: "waiting", word: "Loading", banner: undefined };
  if (ageSeconds === undefined) {
    const why = libvirtUp ? "The first cycle is not over yet." : "libvirt does not answer.";
    return {
      level: libvirtUp ? "waiting" : "old",
      word: "No data",
      banner: `The exporter has no data yet. ${why}`,
    };
  }
  if (!libvirtUp || isKept) {
    return {
      level: "old",
      word: "Stale",
      banner: `libvirt does not answer the exporter. ${shown}`,
    };
  }
  if (ageSeconds > lifetimeSeconds) {
    return {
      level: "old",
      word: "Stale",
      banner: `The exporter has finished no cycle for longer than data lives. ${shown}`,
    };
  }
  return { level: "good", word: "Live", banner: undefined };
}
