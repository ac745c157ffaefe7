import { shownText } from "../screen/shown_text.ts";

/** What the runtime's words mean to who reads them. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/timed out|TimeoutError/i, "it does not answer within 10 s"],
  [/UnknownIssuer|BadSignature/, "its certificate is of nobody trusted, see -ca.file"],
  [
    /CaUsedAsEndEntity/,
    "its certificate is that of an authority (CA:TRUE), which no server may have",
  ],
  [
    /InvalidContentType|corrupt message/,
    "it does not speak TLS: the URL may have to begin with http",
  ],
  [
    /invalid HTTP version|unexpected EOF|connection closed before/i,
    "it does not speak HTTP: the URL may have to begin with https",
  ],
  [/Connection refused/, "connection refused: the exporter may not run there, see -url"],
];

/** With that of its cause: newer runtimes say "fetch failed" and tell there why. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { name, message, cause } = error;
  if (cause instanceof Error && !message.includes(cause.message)) return messageOf(cause);
  return `${name}: ${message}`;
}

/** Why a question failed, as the end of a sentence in one line. */
export function reasonOf(error: unknown): string {
  const message = messageOf(error);
  const known = WORDS.find(([pattern]) => pattern.test(message));
  if (known !== undefined) return known[1];
  const text = message.replace(/^\w*Error: /, "").replace(
    /^error sending request.*?: client error \(\w+\): /s,
    "",
  )
    .replace(/^(dns|tcp connect) error: /, "").replace(/ ?\(os error \d+\)/g, "");
  return shownText(text.replace(/\s+/g, " ")).slice(0, 300);
}
