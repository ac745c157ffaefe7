/** Where the program answers, besides the path of the metrics, which is a flag. */
export const PATHS = {
  home: "/",
  healthy: "/-/healthy",
  ready: "/-/ready",
  logLevel: "/debug/log-level",
} as const;
