import { acceptsGzip } from "./accept_encoding.ts";
import type { Answer, Question } from "./answer.ts";
import { isSameTag } from "./entity_tag.ts";

/** A body in the two codings that are served. */
export interface CodedBody {
  readonly plain: Uint8Array<ArrayBuffer>;
  readonly gzip: () => Uint8Array<ArrayBuffer>;
}

type Headers = Readonly<Record<string, string>>;

const VARY = { "vary": "Accept-Encoding" } as const;

/**
 * Answers with a body, or with 304 where the client has it already.
 *
 * @param tag Changes with the body; without quotes.
 */
export function tagged(
  question: Question,
  { tag, headers, body }: {
    readonly tag: string;
    readonly headers: Headers;
    readonly body: () => CodedBody;
  },
): Answer {
  // Weak, since the same tag stands for both codings.
  const etag = `W/"${tag}"`;
  if (isSameTag(question.request.headers.get("if-none-match"), etag)) {
    return { status: 304, headers: { ...headers, ...VARY, etag }, body: "" };
  }
  return encoded(question, { ...headers, etag }, body());
}

/** Answers with a body in the coding that the client takes. */
export function encoded({ request }: Question, headers: Headers, body: CodedBody): Answer {
  return acceptsGzip(request.headers.get("accept-encoding"))
    ? {
      status: 200,
      headers: { ...headers, ...VARY, "content-encoding": "gzip" },
      body: body.gzip(),
    }
    : { status: 200, headers: { ...headers, ...VARY }, body: body.plain };
}
