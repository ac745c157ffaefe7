import { COMMON_HEADERS } from "./common_headers.ts";

/** A response of one line of text, for what the routes are not asked about. */
export function textResponse(
  status: number,
  line: string,
  headers: Readonly<Record<string, string>> = {},
): Response {
  const body = new TextEncoder().encode(`${line}\n`);
  return new Response(body, {
    status,
    headers: {
      ...COMMON_HEADERS,
      "content-type": "text/plain; charset=utf-8",
      "content-length": String(body.length),
      ...headers,
    },
  });
}
