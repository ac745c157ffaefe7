import { logLevelOf } from "../log/level.ts";
import { LOG_LEVELS, type LogLevel } from "../log/logger.ts";
import { FORMATS } from "../metrics/exposition.ts";
import { prefersOpenMetrics } from "./accept.ts";
import { acceptsGzip } from "./accept_encoding.ts";
import { type Answer, jsonError, type Question, type Route, text } from "./answer.ts";
import { apiRoutes } from "./api_routes.ts";
import { bodyOf } from "./body.ts";
import { parseCollectorFilter } from "./collector_filter.ts";
import { COMMON_HEADERS } from "./common_headers.ts";
import { homeHeaders, homePage } from "./home_page.ts";
import { livePageRoutes } from "./live_page_routes.ts";
import { isLoopback } from "./loopback.ts";
import { matchesPath, PATHS } from "./paths.ts";
import type { Histories, Pages } from "./status.ts";

/** What the answers are made of. */
export interface HandlerOptions {
  readonly pages: Pages;
  /** Undefined where nothing is remembered. */
  readonly histories?: Histories | undefined;
  /** Read by GET and set by POST of the log level. */
  readonly logLevel: { get(): LogLevel; set(level: LogLevel): void };
  readonly telemetryPath: string;
  /** Whether `/` is the live page, and not the plain one. */
  readonly hasLivePage: boolean;
  /** Whether whoever gets here has shown who they are: then the log level may be set from anywhere. */
  readonly isAuthenticated?: () => boolean;
  /** Milliseconds since 1970. */
  readonly nowMs?: () => number;
}

/** Answers a request at once; fits `Deno.serve`. */
export type Handler = (request: Request, info: { readonly remoteAddr: Deno.Addr }) => Response;

const encoder = new TextEncoder();

/** Makes the function that answers all requests. */
export function createHandler(options: HandlerOptions): Handler {
  const { pages, telemetryPath } = options;
  const routes: ReadonlyMap<string, Route> = new Map<string, Route>([
    [telemetryPath, {
      answer: (question) => metricsAnswer(question, pages),
    }],
    ...options.hasLivePage ? livePageRoutes(telemetryPath) : [homeRoute(options)],
    [PATHS.healthy, { answer: () => text(200, "Healthy") }],
    [PATHS.ready, {
      answer: () => {
        const { ready, reason } = pages.ready();
        return text(ready ? 200 : 503, reason);
      },
    }],
    [PATHS.logLevel, {
      methods: ["POST"],
      answer: (question) =>
        question.request.method === "POST"
          ? setLogLevel(question, options)
          : text(200, options.logLevel.get()),
    }],
    ...apiRoutes(pages, options.histories),
  ]);
  const patterns = [...routes].filter(([path]) => path.includes("*"));

  return (request, { remoteAddr }) => {
    // Deno makes the URL of this header and the target: with these in it, it would choose the path.
    if (/[/?#\\@]/.test(request.headers.get("host") ?? "")) {
      return respond(request, text(400, "Bad request: the Host header is no host"));
    }
    const { path, query } = targetOf(request.url);
    const route = routes.get(path) ??
      patterns.find(([pattern]) => matchesPath(pattern, path))?.[1];
    const answer = route === undefined
      ? text(404, "Not found")
      : answerOf(route, { request, path, query, remoteAddr });
    return respond(request, answer);
  };
}

function homeRoute(
  { pages, telemetryPath, nowMs = Date.now }: HandlerOptions,
): readonly [string, Route] {
  const headers = homeHeaders();
  return [PATHS.home, {
    answer: () => ({
      status: 200,
      headers,
      body: homePage(pages.status(), { telemetryPath, nowMs: nowMs() }),
    }),
  }];
}

function answerOf(route: Route, question: Question): Answer {
  const methods = ["GET", "HEAD", ...route.methods ?? []];
  if (methods.includes(question.request.method)) return route.answer(question);
  const allow = methods.join(", ");
  const reason = `Method not allowed: this path takes ${allow}`;
  const answer = matchesPath(PATHS.api, question.path) ? jsonError(405, reason) : text(405, reason);
  return { ...answer, headers: { ...answer.headers, allow } };
}

function metricsAnswer({ request, query }: Question, pages: Pages): Answer {
  const accept = request.headers.get("accept");
  let filter;
  try {
    filter = parseCollectorFilter(query, pages.collectorNames());
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return text(400, error.message);
  }
  const { format, plain, gzip } = pages.metrics({
    openMetrics: prefersOpenMetrics(accept),
    filter,
  });
  const headers = {
    "content-type": FORMATS[format].contentType,
    "vary": "Accept, Accept-Encoding",
  };
  return gzip && acceptsGzip(request.headers.get("accept-encoding"))
    ? { status: 200, headers: { ...headers, "content-encoding": "gzip" }, body: gzip }
    : { status: 200, headers, body: plain };
}

function setLogLevel(
  { request, query, remoteAddr }: Question,
  { logLevel, isAuthenticated = () => false }: HandlerOptions,
): Answer {
  if (!isAuthenticated() && !isLoopback(remoteAddr)) {
    return text(403, "Forbidden: the log level is set from this machine only");
  }
  // Only browsers send it, on behalf of a page: this server has none that posts.
  if (request.headers.has("origin")) {
    return text(403, "Forbidden: the log level is not set by web pages");
  }
  const levels = new URLSearchParams(query).getAll("level");
  const level = levels.length === 1 ? logLevelOf(levels[0] ?? "") : undefined;
  if (level === undefined) {
    return text(400, `Bad request: level must be one of ${LOG_LEVELS.join(", ")}`);
  }
  logLevel.set(level);
  return text(200, level);
}

function respond(request: Request, { status, headers, body }: Answer): Response {
  const bytes = typeof body === "string" ? encoder.encode(body) : body;
  // A 304 has no content; its length would be that of the answer that it stands for.
  const hasContent = status !== 304;
  return new Response(hasContent && request.method !== "HEAD" ? bodyOf(bytes) : null, {
    status,
    headers: {
      ...COMMON_HEADERS,
      ...headers,
      ...hasContent && { "content-length": String(bytes.length) },
    },
  });
}

/** Cuts the target from a URL as it was sent: what `new URL` would tidy up must not match a path. */
function targetOf(url: string): { path: string; query: string } {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  const target = start < 0 ? "/" : url.slice(start);
  const end = target.search(/[?#]/);
  if (end < 0) return { path: target, query: "" };
  return { path: target.slice(0, end), query: target.slice(end + 1) };
}
