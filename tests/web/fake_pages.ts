import type { LogLevel } from "../../lib/log/logger.ts";
import { createHandler } from "../../lib/web/handler.ts";
import type {
  Histories,
  MetricsAnswer,
  MetricsQuestion,
  StatusSnapshot,
} from "../../lib/web/status.ts";

const encoder = new TextEncoder();
const COLLECTOR_NAMES = ["cpu", "disk", "network"];

/** A snapshot that shows every part of the page at `/`. */
export const STATUS: StatusSnapshot = {
  version: "1.2.3",
  revision: "<abc>",
  startedAtMs: 1_000_000,
  lastCollectionMs: 7_995_000,
  libvirtUp: true,
  conntrackUp: false,
  collectors: [
    { name: "cpu", success: true, durationSeconds: 0.0123 },
    { name: "a&b", success: false, durationSeconds: 2 },
  ],
  instances: 7,
  series: 321,
};

/** Fixed pages and a log level, whose state a test can change. */
export function fakePages(plainText = "up 1\n") {
  const state = {
    plain: encoder.encode(plainText),
    gzip: encoder.encode("gzip bytes"),
    tag: "t-1",
    ready: { ready: false, reason: "No complete cycle yet" },
    status: STATUS,
    level: "info" as LogLevel,
  };
  const options = {
    pages: {
      metrics: ({ openMetrics, filter }: MetricsQuestion): MetricsAnswer => ({
        format: openMetrics ? "openMetrics" : "text",
        plain: filter
          ? encoder.encode(COLLECTOR_NAMES.filter(filter).map((name) => `${name}\n`).join(""))
          : state.plain,
        gzip: filter ? undefined : state.gzip,
      }),
      collectorNames: () => COLLECTOR_NAMES,
      snapshot: () => state,
      ready: () => state.ready,
      status: () => state.status,
    },
    logLevel: { get: () => state.level, set: (level: LogLevel) => void (state.level = level) },
  };
  return { options, state };
}

/** A handler over fixed pages whose state a test can change. */
export function fakeHandler(
  plainText?: string,
  histories?: Histories,
  { hasLivePage = true }: { readonly hasLivePage?: boolean } = {},
) {
  const { options, state } = fakePages(plainText);
  const fixed = { telemetryPath: "/metrics", hasLivePage, nowMs: () => 8_000_000 };
  return { handler: createHandler({ ...options, ...fixed, histories }), state };
}
