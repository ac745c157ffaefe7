import { BUILD } from "../build_info.ts";
import { INSTANCE_HISTORY, type InstanceHistory } from "../live/history_schema.ts";
import { mismatchOf } from "../live/mismatch.ts";
import { NODE, type NodeSnapshot, SCHEMA_VERSION } from "../live/node_schema.ts";
import type { Field } from "../live/schema.ts";
import { boundedText } from "./bounded_text.ts";
import { reasonOf } from "./network_reason.ts";

/** A busy node answers in milliseconds; a dead one must not look alive for long. */
const DEADLINE_MS = 10_000;

/** Why the exporter's answer cannot be had or used. Its message is the end of a sentence. */
export class AnswerError extends Error {
  override readonly name = "AnswerError";
}

/** A snapshot that has just come. */
export interface FreshSnapshot {
  readonly snapshot: NodeSnapshot;
  /** Age of its cycle in milliseconds, by the exporter's own clock; undefined before any cycle. */
  readonly ageMs: number | undefined;
}

/** Asks one exporter. Leaving its scope closes its connections. */
export class NodeClient implements Disposable {
  readonly #url: string;
  readonly #headers: Readonly<Record<string, string>>;
  readonly #client: Deno.HttpClient;
  readonly #stop = new AbortController();
  #newest: { readonly tag: string; readonly snapshot: NodeSnapshot } | undefined;

  /**
   * @param url Where it serves, with a slash at its end.
   * @param authorization Value of the header, undefined for none.
   * @param client Is closed with this one.
   */
  constructor(
    url: string,
    { authorization, client }: {
      readonly authorization: string | undefined;
      readonly client: Deno.HttpClient;
    },
  ) {
    this.#url = url;
    this.#client = client;
    this.#headers = {
      "user-agent": `openstack_instance_exporter/${BUILD.version} top`,
      ...authorization !== undefined && { authorization },
    };
  }

  /** The newest snapshot, which may be the one of before. @throws {AnswerError} If there is none. */
  async snapshot(): Promise<FreshSnapshot> {
    const before = this.#newest;
    const response = await this.#ask(
      "api/v1/node",
      before === undefined ? {} : { "if-none-match": before.tag },
    );
    if (response.status === 304 && before !== undefined) {
      return freshOf(before.snapshot, response);
    }
    const snapshot = await bodyOf(response, NODE);
    const tag = response.headers.get("etag");
    this.#newest = tag === null ? undefined : { tag, snapshot };
    return freshOf(snapshot, response);
  }

  /** The last hour of an instance; a text says why there is none. @throws {AnswerError} As above. */
  async history(uuid: string): Promise<InstanceHistory | string> {
    const path = `api/v1/instances/${encodeURIComponent(uuid)}/history`;
    const response = await this.#ask(path, {});
    if (response.status !== 404) return await bodyOf(response, INSTANCE_HISTORY);
    const { error } = await parsed(response) as { error?: unknown };
    return typeof error === "string" ? error : "there is no history";
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    this.#client.close();
  }

  async #ask(path: string, headers: Readonly<Record<string, string>>): Promise<Response> {
    try {
      return await fetch(this.#url + path, {
        client: this.#client,
        headers: { ...this.#headers, ...headers },
        // A password goes nowhere else.
        redirect: "manual",
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(DEADLINE_MS)]),
      });
    } catch (error) {
      throw new AnswerError(reasonOf(error), { cause: error });
    }
  }
}

/** By the clock of who answers: the one here may be wrong. */
function freshOf(snapshot: NodeSnapshot, { headers }: Response): FreshSnapshot {
  const { collected_at } = snapshot.cycle;
  if (collected_at === null) return { snapshot, ageMs: undefined };
  const answeredMs = Date.parse(headers.get("date") ?? "");
  const nowMs = Number.isNaN(answeredMs) ? Date.now() : answeredMs;
  return { snapshot, ageMs: Math.max(0, nowMs - 1000 * collected_at) };
}

async function bodyOf<T extends { readonly schema: number }>(
  response: Response,
  field: Field<T>,
): Promise<T> {
  const { status } = response;
  if (status !== 200) {
    await response.body?.cancel();
    throw new AnswerError(whatStatusSays(status));
  }
  const body = await parsed(response);
  const version = (body as { schema?: unknown } | null)?.schema;
  if (typeof version === "number" && version !== SCHEMA_VERSION) {
    throw new AnswerError(
      `it speaks version ${version} of the API, and this program version ${SCHEMA_VERSION}`,
    );
  }
  const wrong = mismatchOf(field, body);
  // It has just been compared with its description.
  if (wrong === undefined) return body as T;
  throw new AnswerError(`it is no OpenStack Instance Exporter: its answer has no right ${wrong}`);
}

async function parsed(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await boundedText(response));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new AnswerError("it is no OpenStack Instance Exporter: its answer is no JSON");
    }
    throw new AnswerError(reasonOf(error), { cause: error });
  }
}

function whatStatusSays(status: number): string {
  switch (status) {
    case 401:
      return "it does not let in: give a right -user and -password.file (status 401)";
    case 404:
      return "it is no OpenStack Instance Exporter, or one without the JSON API (status 404)";
    case 503:
      return "it is too busy (status 503)";
    default:
      return `it answers status ${status}`;
  }
}
