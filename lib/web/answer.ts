/** What a request is answered with. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array<ArrayBuffer>;
}

/** A request, with its target cut in two. */
export interface Question {
  readonly request: Request;
  readonly path: string;
  readonly query: string;
  readonly remoteAddr: Deno.Addr;
}

/** What answers requests of one path. */
export interface Route {
  /** Methods besides GET and HEAD. */
  readonly methods?: readonly string[];
  readonly answer: (question: Question) => Answer;
}

const TEXT_HEADERS = { "content-type": "text/plain; charset=utf-8" } as const;
const JSON_HEADERS = { "content-type": "application/json" } as const;

/** One line of text. */
export function text(status: number, line: string): Answer {
  return { status, headers: TEXT_HEADERS, body: `${line}\n` };
}

/** An error for programs: `{"error": ...}`. */
export function jsonError(status: number, error: string): Answer {
  return { status, headers: JSON_HEADERS, body: `${JSON.stringify({ error })}\n` };
}
