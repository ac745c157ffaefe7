/**
 * A URL as it may be shown: user, password and what is asked for in the query, which may be a key,
 * are nobody's business.
 */
export function shownUrl(url: string): string {
  if (!URL.canParse(url)) return url;
  const shown = new URL(url);
  const hasQuery = shown.search !== "";
  if (shown.username === "" && shown.password === "" && !hasQuery && shown.hash === "") return url;
  shown.username =
    shown.password =
    shown.search =
    shown.hash =
      "";
  return hasQuery ? `${shown.href}?...` : shown.href;
}
