import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Question, Route } from "./answer.ts";
import { escapeHtml } from "./escape_html.ts";
import { PATHS } from "./paths.ts";
import { type CodedBody, tagged } from "./tagged_answer.ts";

/** Where the page's files stand, in the repository and in the compiled program alike. */
const ASSETS = new URL("../live_page/assets/", import.meta.url);

/** Ask before a copy is used, each time: the answer is mostly 304. */
const REVALIDATE = { "cache-control": "no-cache, no-transform" } as const;

/**
 * The page may load what this server sends, ask this server, and nothing else; it runs no code that
 * stands in text, and is shown in no frame.
 */
const PAGE_HEADERS = {
  ...REVALIDATE,
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; " +
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
  "cross-origin-opener-policy": "same-origin",
  "x-frame-options": "DENY",
} as const;

const TYPES = {
  script: "text/javascript; charset=utf-8",
  style: "text/css; charset=utf-8",
  icon: "image/svg+xml",
} as const;

/**
 * The paths of the live page. A file is read and compressed when it is first asked for: who only
 * scrapes pays nothing for it.
 */
export function livePageRoutes(telemetryPath: string): ReadonlyMap<string, Route> {
  // Relative, as all links of the page: it may stand behind a proxy under another path.
  const metrics = escapeHtml(`.${telemetryPath}`);
  return new Map([
    [
      PATHS.home,
      asset(PAGE_HEADERS, () => readText("index.html").replaceAll("{{metrics}}", metrics)),
    ],
    [PATHS.pageScript, part(TYPES.script, "page.js")],
    [PATHS.pageStyle, part(TYPES.style, "page.css")],
    [PATHS.pageIcon, part(TYPES.icon, "icon.svg")],
  ]);
}

function part(type: string, name: string): Route {
  const headers = {
    ...REVALIDATE,
    "content-type": type,
    "cross-origin-resource-policy": "same-origin",
  };
  return asset(headers, () => readText(name));
}

function asset(headers: Readonly<Record<string, string>>, read: () => string): Route {
  let ready: { readonly tag: string; readonly body: CodedBody } | undefined;
  return {
    answer: (question: Question) => {
      ready ??= prepare(read());
      const { tag, body } = ready;
      return tagged(question, { tag, headers, body: () => body });
    },
  };
}

function prepare(text: string): { readonly tag: string; readonly body: CodedBody } {
  const plain = new TextEncoder().encode(text);
  const gzip = new Uint8Array(gzipSync(plain, { level: 9 }));
  return {
    tag: createHash("sha256").update(plain).digest("base64url").slice(0, 22),
    body: { plain, gzip: () => gzip },
  };
}

function readText(name: string): string {
  return Deno.readTextFileSync(new URL(name, ASSETS));
}
