import { BUILD } from "../build_info.ts";
import { FairTurns, lateError } from "./fair_turns.ts";
import {
  ANSWER_DEADLINE_MS,
  ByteLimit,
  type FeedAnswer,
  FeedError,
  type FeedSource,
  MOST_BYTES,
  refuseEmpty,
  type Validators,
} from "./feed_source.ts";
import { parserOf } from "./list_parser.ts";
import { ListFormatError, type ListParser, type ParsedList } from "./parsed_list.ts";
import { shownUrl } from "./feed_url.ts";

const MOST_REDIRECTS = 5;
const PIECE = 64 * 1024;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** A server's validator is sent back and kept on disk: nothing longer is worth it. */
const LONGEST_VALIDATOR = 1024;

/** How a list is fetched. */
export interface HttpOptions {
  readonly url: string;
  readonly format: Parameters<typeof parserOf>[0];
  /** Opens the client of one reading, which closes it. */
  readonly openClient: () => Deno.HttpClient;
  readonly deadlineMs?: number;
  /** Milliseconds of a clock that never steps. */
  readonly now?: () => number;
  readonly mostBytes?: number;
}

/** A list that is fetched over HTTP or HTTPS. */
export function httpSource(options: HttpOptions & { readonly flag: string }): FeedSource {
  return {
    flag: options.flag,
    origin: options.url,
    async read(validators, signal) {
      const answer = await fetchList(options, validators, signal);
      if (answer.outcome === "read") refuseEmpty(answer.list);
      return answer;
    },
  };
}

/**
 * Fetches a list once, empty or not.
 *
 * @throws {FeedError} If it cannot be fetched or read.
 */
export async function readListUrl(options: HttpOptions): Promise<ParsedList> {
  const answer = await fetchList(options, undefined, new AbortController().signal);
  // Without validators an answer that nothing changed is an error.
  if (answer.outcome !== "read") throw new FeedError("Cannot fetch the list: there is no answer");
  return answer.list;
}

async function fetchList(
  options: HttpOptions,
  validators: Validators | undefined,
  signal: AbortSignal,
): Promise<FeedAnswer> {
  const deadlineMs = options.deadlineMs ?? ANSWER_DEADLINE_MS;
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(lateError(deadlineMs)), deadlineMs);
  try {
    using client = options.openClient();
    const either = AbortSignal.any([signal, late.signal]);
    const turns = new FairTurns({ signal: either, now: options.now, deadlineMs });
    return await readAnswer(options, { client, validators, signal: either, turns });
  } catch (error) {
    throw feedErrorOf(error);
  } finally {
    clearTimeout(timer);
    // Ends what is left of the answer; after a whole one it does nothing.
    late.abort();
  }
}

interface Request {
  readonly client: Deno.HttpClient;
  readonly validators: Validators | undefined;
  readonly signal: AbortSignal;
  readonly turns: FairTurns;
}

async function readAnswer(options: HttpOptions, request: Request): Promise<FeedAnswer> {
  const response = await follow(options.url, request);
  if (response.status === 304 && isConditional(request.validators)) return { outcome: "unchanged" };
  if (response.status !== 200) {
    throw new FeedError(`Cannot fetch the list: the server answers status ${response.status}`);
  }
  const parser = parserOf(options.format);
  await readBody(response, parser, {
    turns: request.turns,
    limit: new ByteLimit(options.mostBytes ?? MOST_BYTES),
  });
  return {
    outcome: "read",
    list: parser.end(),
    validators: validatorsOf(response.headers),
  };
}

/** Follows redirects by hand: fetch would also go from https to http. */
async function follow(from: string, { client, validators, signal }: Request): Promise<Response> {
  let url = new URL(from);
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await fetch(url, {
      client,
      signal,
      redirect: "manual",
      headers: requestHeaders(validators),
    });
    const location = response.headers.get("location");
    if (!REDIRECTS.has(response.status) || location === null) return response;
    await response.body?.cancel();
    const next = URL.canParse(location, url.href) ? new URL(location, url.href) : undefined;
    if (next === undefined || !/^https?:$/.test(next.protocol)) {
      throw new FeedError("Cannot fetch the list: it redirects to what is no http or https URL");
    }
    if (url.protocol === "https:" && next.protocol === "http:") {
      throw new FeedError(
        `Cannot fetch the list: it redirects from https to ${shownUrl(next.href)}`,
      );
    }
    url = next;
  }
  throw new FeedError(`Cannot fetch the list: it redirects more than ${MOST_REDIRECTS} times`);
}

/** Only who said what it has may be told that nothing changed. */
function isConditional(validators: Validators | undefined): boolean {
  return validators?.etag !== undefined || validators?.lastModified !== undefined;
}

function requestHeaders(validators: Validators | undefined): Headers {
  const headers = new Headers({ "user-agent": `openstack_instance_exporter/${BUILD.version}` });
  if (validators?.etag !== undefined) headers.set("if-none-match", validators.etag);
  if (validators?.lastModified !== undefined) {
    headers.set("if-modified-since", validators.lastModified);
  }
  return headers;
}

/** Reads into one piece of memory again and again: new ones would pile up faster than they go. */
async function readBody(
  { body }: Response,
  parser: ListParser,
  { limit, turns }: { readonly limit: ByteLimit; readonly turns: FairTurns },
): Promise<void> {
  if (body === null) return;
  using reader = releasing(body.getReader({ mode: "byob" }));
  let piece = new Uint8Array(PIECE);
  while (true) {
    const { value, done } = await reader.read(piece);
    if (done) return;
    limit.take(value.length);
    parser.push(value);
    await turns.afterPiece();
    piece = new Uint8Array(value.buffer);
  }
}

function releasing(reader: ReadableStreamBYOBReader): ReadableStreamBYOBReader & Disposable {
  return Object.assign(reader, { [Symbol.dispose]: () => reader.releaseLock() });
}

function validatorsOf(headers: Headers): Validators {
  const etag = headers.get("etag");
  const lastModified = headers.get("last-modified");
  return {
    ...etag !== null && etag.length <= LONGEST_VALIDATOR && { etag },
    ...lastModified !== null && lastModified.length <= LONGEST_VALIDATOR && { lastModified },
  };
}

function feedErrorOf(error: unknown): FeedError {
  if (error instanceof FeedError) return error;
  if (error instanceof ListFormatError) return new FeedError(error.message);
  const text = error instanceof Error ? error.message : String(error);
  // fetch names the whole URL, which the log has from elsewhere and which may hold a password.
  const reason = text.replace(/^error sending request [^]*?(?=client error)/, "");
  return new FeedError(`Cannot fetch the list: ${reason.replace(/\s+/g, " ")}`);
}
