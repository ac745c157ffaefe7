import type { InstanceHistory } from "../live/history_schema.ts";
import type { InstanceSnapshot } from "../live/node_schema.ts";
import { MARK_LETTERS } from "./columns.ts";
import { deviceTables } from "./device_tables.ts";
import { historyLines } from "./history_lines.ts";
import { type Line, span } from "./line.ts";
import { binary, short } from "./quantities.ts";

/** All there is to say of one instance. */
export function instanceDetails(
  instance: InstanceSnapshot,
  { history, columns }: {
    /** A text says why there is none; undefined while it is asked for. */
    readonly history: InstanceHistory | string | undefined;
    /** Of the terminal. */
    readonly columns: number;
  },
): readonly Line[] {
  const { uuid, domain, name, project, user, flavor, root_type, over } = instance;
  const marks = over.map((mark) => span(`   ${MARK_LETTERS[mark]?.[1] ?? mark}`, "bad"));
  const size = [
    flavor || "no flavor",
    `${short(instance.vcpus)} vCPU${instance.vcpus === 1 ? "" : "s"}`,
    `${binary(instance.memory_bytes)}B memory`,
    ...root_type === "" ? [] : [`root on ${root_type}`],
    ...instance.created_at === "" ? [] : [`created ${instance.created_at}`],
  ];
  return [
    [span(name || domain, "strong"), ...marks],
    field("UUID", `${uuid}   ${domain}`),
    field("project", owner(project)),
    field("user", owner(user)),
    field("size", size.join(", ")),
    [],
    ...historyLines(instance, { history, columns }),
    ...deviceTables(instance).flatMap((lines) => [[], ...lines]),
  ];
}

function owner({ name, uuid }: InstanceSnapshot["project"]): string {
  return uuid === "" && name === "" ? "-" : `${name}   ${uuid}`;
}

function field(name: string, text: string): Line {
  return [span(name.padEnd(9), "dim"), span(text)];
}
