/**
 * Where the program answers, besides the path of the metrics, which is a flag. A `*` stands for one
 * part of a path, or at the end for any rest.
 */
export const PATHS = {
  home: "/",
  pageScript: "/ui/page.js",
  pageStyle: "/ui/page.css",
  pageIcon: "/ui/icon.svg",
  healthy: "/-/healthy",
  ready: "/-/ready",
  logLevel: "/debug/log-level",
  node: "/api/v1/node",
  history: "/api/v1/history",
  instanceHistory: "/api/v1/instances/*/history",
  api: "/api/*",
} as const;

/** Tells whether a path is one of a pattern's; without a `*` it is the same text. */
export function matchesPath(pattern: string, path: string): boolean {
  if (!pattern.includes("*")) return path === pattern;
  const parts = path.split("/");
  const wanted = pattern.split("/");
  if (wanted.at(-1) === "*") {
    return parts.length >= wanted.length &&
      wanted.slice(0, -1).every((part, at) => part === "*" || part === parts[at]);
  }
  return parts.length === wanted.length &&
    wanted.every((part, at) => part === "*" || part === parts[at]);
}
