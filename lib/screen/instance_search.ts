import type { InstanceSnapshot } from "../live/node_schema.ts";
import { shownText } from "./shown_text.ts";

const PROJECT = /^project:/i;

/**
 * Says whether an instance matches a filter. Every word of it must be part of the name, domain, UUID,
 * flavor, project, user, a fixed IP, a volume or a vNIC, in any case; `project:WORD` looks at the project alone.
 */
export function searchFor(filter: string): (instance: InstanceSnapshot) => boolean {
  const words = folded(filter).split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return () => true;
  return (instance) => {
    const project = textOf([instance.project.name, instance.project.uuid]);
    const all = textOf([
      ...[instance.name, instance.domain, instance.uuid, instance.flavor],
      ...[instance.user.name, instance.user.uuid],
      ...instance.fixed_ips.map(({ ip }) => ip),
      ...instance.disks.map(({ uuid }) => uuid),
      ...instance.vnics.map((vnic) => vnic.interface),
      project,
    ]);
    return words.every((word) =>
      PROJECT.test(word) ? project.includes(word.replace(PROJECT, "")) : all.includes(word)
    );
  };
}

/** A control between two texts: no word of a filter reaches over it. */
function textOf(texts: readonly string[]): string {
  return texts.map(folded).join("\n");
}

function folded(text: string): string {
  return shownText(text.replace(/\s+/g, " ")).normalize("NFC").toLowerCase();
}
