import { createHash } from "node:crypto";
import { escapeHtml } from "./escape_html.ts";
import { PATHS } from "./paths.ts";
import type { CollectorState, StatusSnapshot } from "./status.ts";

const STYLE =
  `body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:44rem;padding:0 1rem}
table{border-collapse:collapse}th,td{text-align:left;padding:.2rem 1.5rem .2rem 0}
:root{color-scheme:light dark}`;

/** Headers of the plain page: it may load nothing and be shown in no frame. */
export function homeHeaders(): Readonly<Record<string, string>> {
  const hash = createHash("sha256").update(STYLE).digest("base64");
  return {
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; ` +
      "form-action 'none'; frame-ancestors 'none'",
    "x-frame-options": "DENY",
  };
}

/**
 * Renders the page that stands at `/` where the live page is switched off.
 *
 * @param options `nowMs` is milliseconds since 1970.
 */
export function homePage(
  status: StatusSnapshot,
  options: { readonly telemetryPath: string; readonly nowMs: number },
): string {
  const { telemetryPath, nowMs } = options;
  const links = [
    [telemetryPath, "Metrics"],
    [PATHS.healthy, "Healthy"],
    [PATHS.ready, "Ready"],
    [PATHS.logLevel, "Log level"],
    [PATHS.node, "JSON"],
  ] as const;
  const facts = [
    ["Running for", ageText(nowMs - status.startedAtMs)],
    ["Age of the data", ageOfData(status, nowMs)],
    ["libvirt", status.libvirtUp ? "up" : "down"],
    ["conntrack", status.conntrackUp ? "up" : "down"],
    ["Instances", String(status.instances)],
    ["Series", String(status.series)],
  ] as const;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>OpenStack Instance Exporter</title>
<style>${STYLE}</style>
</head>
<body>
<h1>OpenStack Instance Exporter</h1>
<p>Version ${escapeHtml(status.version)}, revision ${escapeHtml(status.revision)}</p>
<ul>
${links.map(([path, text]) => `<li><a href="${escapeHtml(path)}">${text}</a></li>`).join("\n")}
</ul>
<h2>State</h2>
<table>
${facts.map(([name, text]) => `<tr><th scope="row">${name}</th><td>${text}</td></tr>`).join("\n")}
</table>
<h2>Collectors</h2>
${collectorTable(status.collectors)}
</body>
</html>
`;
}

function collectorTable(collectors: readonly CollectorState[]): string {
  if (collectors.length === 0) return "<p>No cycle has ended yet.</p>";
  const rows = collectors.map(({ name, success, durationSeconds }) =>
    `<tr><td>${escapeHtml(name)}</td><td>${success ? "ok" : "failed"}</td>` +
    `<td>${(durationSeconds * 1000).toFixed(1)} ms</td></tr>`
  );
  const head = '<tr><th scope="col">Name</th><th scope="col">Newest cycle</th>' +
    '<th scope="col">Duration</th></tr>';
  return `<table>\n${[head, ...rows].join("\n")}\n</table>`;
}

function ageOfData({ lastCollectionMs }: StatusSnapshot, nowMs: number): string {
  return lastCollectionMs === undefined ? "no data yet" : ageText(nowMs - lastCollectionMs);
}

function ageText(ageMs: number): string {
  const seconds = Math.max(0, Math.round(ageMs / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.floor(seconds / 60)} min`;
  return `${Math.floor(seconds / 3600)} h`;
}
