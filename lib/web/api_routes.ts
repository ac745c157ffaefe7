import { gzipSync } from "node:zlib";
import { type Answer, jsonError, type Route } from "./answer.ts";
import { PATHS } from "./paths.ts";
import type { Histories, Pages } from "./status.ts";
import { encoded, tagged } from "./tagged_answer.ts";

const HEADERS = { "content-type": "application/json" } as const;
const GZIP_LEVEL = 1;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const encoder = new TextEncoder();

/**
 * The paths of the JSON API. What the newest cycle says is ready as bytes; a history is rendered when it
 * is asked for, the one of all instances once for each snapshot.
 */
export function apiRoutes(
  pages: Pages,
  histories: Histories | undefined,
): ReadonlyMap<string, Route> {
  let newest: { readonly tag: string; readonly plain: Uint8Array<ArrayBuffer> } | undefined;
  return new Map<string, Route>([
    [PATHS.node, {
      answer: (question) => {
        const { tag, plain, gzip } = pages.snapshot();
        return tagged(question, {
          tag,
          headers: HEADERS,
          body: () => ({ plain, gzip: () => gzip }),
        });
      },
    }],
    [PATHS.history, {
      answer: (question) => {
        if (histories === undefined) return switchedOff();
        const { tag } = pages.snapshot();
        return tagged(question, {
          tag,
          headers: HEADERS,
          body: () => {
            if (newest?.tag !== tag) newest = { tag, plain: json(histories.node()) };
            const { plain } = newest;
            return { plain, gzip: () => compressed(plain) };
          },
        });
      },
    }],
    [PATHS.instanceHistory, {
      answer: (question) => {
        const uuid = question.path.split("/").at(-2) ?? "";
        if (!UUID.test(uuid)) {
          return jsonError(400, "Bad request: the path has no UUID in the form of RFC 9562");
        }
        if (histories === undefined) return switchedOff();
        const history = histories.instance(uuid.toLowerCase());
        if (history === undefined) {
          return jsonError(404, "No such instance is known to run on this node");
        }
        const plain = json(history);
        return encoded(question, HEADERS, { plain, gzip: () => compressed(plain) });
      },
    }],
    [PATHS.api, { answer: () => jsonError(404, "Not found") }],
  ]);
}

function switchedOff(): Answer {
  return jsonError(404, "Nothing is remembered: -web.history is 0");
}

function json(value: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(value));
}

function compressed(plain: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(gzipSync(plain, { level: GZIP_LEVEL }));
}
