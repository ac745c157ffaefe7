import { unusable } from "./ovsdb_error.ts";

const MONITOR = "zones";
const ECHO = "probe";

/** RFC 7047, 4.1.5: the rows of these columns now, and each time one of them changes. */
export const MONITOR_REQUEST = {
  method: "monitor",
  params: ["Open_vSwitch", MONITOR, { Bridge: { columns: ["external_ids"] } }],
  id: MONITOR,
};

/** RFC 7047, 4.1.11. */
export const ECHO_REQUEST = { method: "echo", params: [], id: ECHO };

/** An echo that the database asks for. */
export interface Echo {
  readonly id: unknown;
  readonly params: unknown;
}

/** What a message of the database is; whatever else it says is of no interest. */
export type OvsdbMessage =
  | { readonly type: "rows"; readonly updates: unknown }
  /** It answers the echo. */
  | { readonly type: "answer" }
  | { readonly type: "echo"; readonly echo: Echo }
  | { readonly type: "other" };

/**
 * What a message says.
 *
 * @throws {OvsdbError} If it refuses the monitor.
 */
export function readMessage(message: unknown): OvsdbMessage {
  const { id, method, params, result, error } = fieldsOf(message);
  if (method === undefined && id === ECHO) return { type: "answer" };
  // A request without an id wants no answer.
  if (method === "echo" && id !== null) return { type: "echo", echo: { id, params } };
  let updates: unknown;
  if (method === "update" && Array.isArray(params) && params[0] === MONITOR) updates = params[1];
  if (method === undefined && id === MONITOR) {
    if (error !== undefined && error !== null) {
      throw unusable(`it refuses the monitor: ${JSON.stringify(error).slice(0, 200)}`);
    }
    updates = result;
  }
  return updates === undefined ? { type: "other" } : { type: "rows", updates };
}

function fieldsOf(message: unknown): Readonly<Partial<Record<string, unknown>>> {
  return typeof message === "object" && message !== null ? { ...message } : {};
}
