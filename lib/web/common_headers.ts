/**
 * On every answer. Deno.serve before 2.9 compresses by itself what has no Content-Encoding unless
 * no-transform forbids it: a scrape would be compressed anew each time.
 */
export const COMMON_HEADERS = {
  "cache-control": "no-store, no-transform",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
} as const;
