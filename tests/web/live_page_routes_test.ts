import assert from "node:assert/strict";
import { gunzipSync } from "node:zlib";
import type { Question } from "../../lib/web/answer.ts";
import { livePageRoutes } from "../../lib/web/live_page_routes.ts";

const LOCAL: Deno.NetAddr = { transport: "tcp", hostname: "127.0.0.1", port: 1 };
const PATHS = ["/", "/ui/page.js", "/ui/page.css", "/ui/icon.svg"];
/** What a browser downloads before it shows something. */
const MOST_BYTES = 200_000;

function ask(path: string, headers: Readonly<Record<string, string>> = {}, telemetry = "/metrics") {
  const route = livePageRoutes(telemetry).get(path);
  assert.ok(route, path);
  const request = new Request(`http://node:9120${path}`, { headers });
  return route.answer({ request, path, query: "", remoteAddr: LOCAL } satisfies Question);
}

Deno.test("livePageRoutes have the page's files in both codings, together below 200 kB compressed", () => {
  let total = 0;
  for (const path of PATHS) {
    const plain = ask(path);
    const gzip = ask(path, { "accept-encoding": "gzip" });
    assert.equal(plain.status, 200);
    assert.equal(plain.headers["content-encoding"], undefined);
    assert.equal(gzip.headers["content-encoding"], "gzip");
    assert.ok(typeof gzip.body !== "string" && typeof plain.body !== "string");
    assert.deepEqual(new Uint8Array(gunzipSync(gzip.body)), plain.body);
    assert.equal(gzip.headers["etag"], plain.headers["etag"]);
    total += gzip.body.length;
  }
  assert.ok(total > 10_000 && total < MOST_BYTES, `${total} bytes`);
});

Deno.test("livePageRoutes answer 304 to who has a file", () => {
  for (const path of PATHS) {
    const etag = ask(path).headers["etag"] ?? "";
    assert.match(etag, /^W\/"[\w-]{22}"$/);
    const again = ask(path, { "if-none-match": etag });
    assert.deepEqual([again.status, again.body], [304, ""]);
    assert.equal(again.headers["etag"], etag);
    assert.equal(again.headers["cache-control"], "no-cache, no-transform");
  }
});

Deno.test("livePageRoutes link to the metrics, whatever their path is", () => {
  const html = (telemetry: string) => {
    const { body } = ask("/", {}, telemetry);
    return typeof body === "string" ? body : new TextDecoder().decode(body);
  };
  assert.match(html("/metrics"), /<a href="\.\/metrics">Metrics<\/a>/);
  assert.match(html(`/a:b"<&'`), /<a href="\.\/a:b&quot;&lt;&amp;&#39;">Metrics<\/a>/);
  assert.notEqual(ask("/", {}, "/x").headers["etag"], ask("/").headers["etag"]);
});

Deno.test("livePageRoutes' page loads its own files only, and has no code or style in its HTML", () => {
  const { headers, body } = ask("/");
  assert.equal(
    headers["content-security-policy"],
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
      "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
      "require-trusted-types-for 'script'; trusted-types 'none'",
  );
  const html = typeof body === "string" ? body : new TextDecoder().decode(body);
  assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=|javascript:|https?:/i);
  assert.deepEqual(html.match(/<script[^]*?<\/script>/g), [
    '<script type="module" src="ui/page.js"></script>',
  ]);
});
