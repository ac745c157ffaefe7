import assert from "node:assert/strict";
import { shownUrl } from "../../lib/threat/feed_url.ts";

Deno.test("shownUrl hides user, password, query and fragment, and leaves the rest as it was", () => {
  const shown: readonly (readonly [string, string])[] = [
    ["https://host/list.txt", "https://host/list.txt"],
    ["https://HOST", "https://HOST"],
    ["https://user:secret@host:8443/list", "https://host:8443/list"],
    ["https://host/list?key=secret&a=b", "https://host/list?..."],
    ["https://user@host/?secret#secret", "https://host/?..."],
    ["https://host/list#secret", "https://host/list"],
    ["/etc/oie/what?.txt", "/etc/oie/what?.txt"],
  ];
  for (const [url, expected] of shown) assert.equal(shownUrl(url), expected);
});
