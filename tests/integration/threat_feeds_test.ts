import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { TroubleLog } from "../../lib/log/trouble_log.ts";
import { openFeedClient } from "../../lib/threat/feed_client.ts";
import { httpSource } from "../../lib/threat/feed_http.ts";
import { ListFeed } from "../../lib/threat/list_feed.ts";
import { entriesOf } from "../../lib/threat/prefix_set.ts";
import { LogLines } from "../threat/log_lines.ts";
import { FeedServer, makeAuthority, RawServer } from "./feed_server.ts";

const DEADLINE_MS = 400;
const MEBIBYTE = 2 ** 20;
const never = new AbortController().signal;

/** A list read from `url`, trusting `bundle`, with a clock that stands still unless it is moved. */
function feedOf(
  url: string | (() => string),
  options: { bundle?: string; deadlineMs?: number } = {},
) {
  const log = new LogLines();
  const clock = { wallMs: 1_000_000 };
  const urlNow = typeof url === "string" ? () => url : url;
  const source = {
    flag: "emergingthreats.url",
    get origin() {
      return urlNow();
    },
    read: (...args: Parameters<ReturnType<typeof httpSource>["read"]>) =>
      httpSource({
        flag: "emergingthreats.url",
        url: urlNow(),
        format: "plain",
        openClient: () => openFeedClient(options.bundle),
        deadlineMs: options.deadlineMs ?? DEADLINE_MS,
      }).read(...args),
  };
  const feed = new ListFeed("emergingthreats", [source], {
    log,
    troubles: new TroubleLog(log, { nowMs: () => clock.wallMs }),
    now: () => performance.now(),
    wall: () => clock.wallMs,
  });
  return { feed, log, clock };
}

function text(body: BodyInit | null, init: ResponseInit = {}) {
  return () => new Response(body, init);
}

function compressed(bytes: Uint8Array<ArrayBuffer>): () => Response {
  return text(bytes, { headers: { "content-encoding": "gzip" } });
}

/** A body that goes on for ever, with a pause before each piece. */
function endless(piece: Uint8Array<ArrayBuffer>, pauseMs = 0): () => Response {
  return () =>
    new Response(
      new ReadableStream({
        async pull(controller) {
          await new Promise((resolve) => setTimeout(resolve, pauseMs));
          controller.enqueue(piece);
        },
      }),
    );
}

const LINES = new TextEncoder().encode("5.6.7.8\n".repeat(10_000));
const ZIPPED = new Uint8Array(gzipSync(LINES));

/** What a server does to what the log says of it. */
const FAILURES: readonly (readonly [string, FeedServer["answer"], RegExp])[] = [
  ["status 500", text("5.6.7.8\n", { status: 500 }), /status 500$/],
  ["status 404", text("5.6.7.8\n", { status: 404 }), /status 404$/],
  ["status 204", text(null, { status: 204 }), /status 204$/],
  ["status 206", text("5.6.7.8\n", { status: 206 }), /status 206$/],
  ["an empty body", text(""), /no valid entry, 0 bad ones$/],
  ["comments only", text("# nothing\n; here\n"), /no valid entry, 0 bad ones$/],
  [
    "garbage",
    text(crypto.getRandomValues(new Uint8Array(60_000))),
    /no valid entry, \d+ bad ones, such as line \d+: no address or prefix$/,
  ],
  ["a login page", text("<html>\n<p>Log in"), /no valid entry, 2 bad ones, such as line 1: /],
  [
    "everything",
    text("0.0.0.0/0\n::/0\n"),
    /, 2 bad ones, .*: prefix wider than \/8; refused: 0\.0\.0\.0\/0 ::\/0$/,
  ],
  [
    "silence",
    () => new Promise((resolve) => setTimeout(resolve, 700, text("5.6.7.8")())),
    /0\.4 s$/,
  ],
  ["a slow body", endless(new TextEncoder().encode("5.6.7.8\n"), 20), /no whole answer in 0\.4 s$/],
  ["a truncated gzip body", compressed(ZIPPED.slice(0, -12)), /unexpected end of file/],
  ["no gzip where gzip is said", compressed(LINES), /gzip/],
  [
    "a loop of redirects",
    text(null, { status: 302, headers: { location: "/list" } }),
    /redirects more than 5 times$/,
  ],
  ["a redirect without a place", text(null, { status: 302 }), /status 302$/],
  [
    "a redirect to a file",
    text(null, { status: 301, headers: { location: "file:///etc/passwd" } }),
    /no http or https URL$/,
  ],
];

Deno.test("a failure leaves the last good list and its time in place, is counted and told", async (t) => {
  for (const [what, answer, reason] of FAILURES) {
    await t.step(what, async () => {
      await using server = new FeedServer();
      const { feed, log, clock } = feedOf(server.url());
      server.answer = text("1.2.3.4\n2001:db8::/32\n");
      assert.equal(await feed.refresh(never), true);
      const good = feed.set;
      const before = feed.telemetry;
      assert.deepEqual([before.lastSuccessMs, before.errorsTotal, before.entries], [1e6, 0, 2]);

      server.answer = answer;
      clock.wallMs += 5000;
      assert.equal(await feed.refresh(never), false);
      assert.equal(feed.set, good);
      const { durationMs, ...after } = feed.telemetry;
      assert.ok(durationMs !== undefined && durationMs < 10 * DEADLINE_MS, String(durationMs));
      assert.deepEqual(after, {
        list: "emergingthreats",
        lastSuccessMs: 1e6,
        errorsTotal: 1,
        entries: 2,
      });
      const trouble = log.lines.at(-1);
      assert.equal(trouble?.message, "A threat list cannot be refreshed");
      assert.match(String(trouble?.fields.reason), reason);
      assert.equal(trouble?.fields.entries_kept, 2);

      server.answer = text("9.9.9.9\n");
      assert.equal(await feed.refresh(never), true);
      assert.equal(feed.telemetry.lastSuccessMs, 1e6 + 5000);
      assert.equal(feed.telemetry.errorsTotal, 1);
      assert.ok(
        log.lines.some(({ level, fields }) => level === "notice" && fields.state === "ended"),
      );
    });
  }
});

Deno.test("an answer that breaks off is a failure, however its length was told", async (t) => {
  for (
    const head of [
      "content-length: 1000",
      "transfer-encoding: chunked",
      "content-encoding: gzip\r\ncontent-length: 9",
    ]
  ) {
    await t.step(head, async () => {
      const body = head.startsWith("transfer") ? "8\r\n1.2.3.4\n\r\n" : "1.2.3.4\n";
      await using server = new RawServer(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n${body}`);
      const { feed } = feedOf(server.url);
      assert.equal(await feed.refresh(never), false);
      assert.equal(feed.telemetry.errorsTotal, 1);
      assert.equal("lastSuccessMs" in feed.telemetry, false);
    });
  }
});

Deno.test("a server that is not there, or speaks no HTTP, is a failure", async () => {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  await using raw = new RawServer("220 mail.example ESMTP\r\n");
  for (const url of [`http://127.0.0.1:${port}/`, raw.url, "http://no-such-host.invalid/list"]) {
    const { feed, log } = feedOf(url, { deadlineMs: 5000 });
    assert.equal(await feed.refresh(never), false);
    assert.match(String(log.lines.at(-1)?.fields.reason), /^Cannot fetch the list: client error/);
  }
});

Deno.test("a list is asked for again only with what a good answer gave", async () => {
  await using server = new FeedServer();
  const { feed, clock, log } = feedOf(server.url());
  const asked = () => {
    const headers = server.requests.at(-1)?.headers;
    return [headers?.get("if-none-match"), headers?.get("if-modified-since")];
  };
  const date = "Mon, 01 Jan 2026 00:00:00 GMT";
  server.answer = text("", { headers: { etag: '"bad"', "last-modified": "never" } });
  await feed.refresh(never);
  assert.deepEqual(asked(), [null, null]);

  // A server may not say that nothing changed when it was not asked.
  server.answer = text(null, { status: 304 });
  await feed.refresh(never);
  assert.deepEqual(asked(), [null, null]);
  assert.equal(feed.telemetry.errorsTotal, 2);

  server.answer = text("1.2.3.4\n", { headers: { etag: '"a"', "last-modified": date } });
  assert.equal(await feed.refresh(never), true);
  assert.deepEqual(asked(), [null, null]);

  clock.wallMs += 7000;
  server.answer = text(null, { status: 304 });
  assert.equal(await feed.refresh(never), false);
  assert.deepEqual(asked(), ['"a"', date]);
  assert.equal(feed.telemetry.lastSuccessMs, 1e6 + 7000);
  assert.deepEqual([feed.telemetry.errorsTotal, feed.telemetry.entries], [2, 1]);

  // A trouble that comes back within a minute is not told again.
  clock.wallMs += 60_000;
  server.answer = text("x", { headers: { etag: '"b"' } });
  await feed.refresh(never);
  server.answer = text("1.2.3.4\n5.6.7.8\n");
  await feed.refresh(never);
  assert.deepEqual(asked(), ['"a"', date]);
  await feed.refresh(never);
  assert.deepEqual(asked(), [null, null]);
  assert.equal(log.lines.filter(({ fields }) => fields.state === "begins").length, 2);
});

Deno.test("nothing new is no answer to who asked without a condition", async () => {
  await using server = new FeedServer();
  const { feed, clock, log } = feedOf(server.url());
  // Neither an ETag nor a date: there is nothing to ask with.
  server.answer = text("1.2.3.4\n");
  assert.equal(await feed.refresh(never), true);
  clock.wallMs += 7000;
  server.answer = text(null, { status: 304 });
  assert.equal(await feed.refresh(never), false);
  assert.deepEqual([feed.telemetry.lastSuccessMs, feed.telemetry.errorsTotal], [1e6, 1]);
  assert.match(String(log.lines.at(-1)?.fields.reason), /status 304$/);
});

Deno.test("redirects are followed with the list at their end; a password stays out of the log", async () => {
  await using server = new FeedServer();
  server.answer = ({ url }) =>
    url.includes("/list")
      ? new Response(null, { status: 307, headers: { location: "moved" } })
      : new Response(ZIPPED, { headers: { "content-encoding": "gzip" } });
  const { feed, log } = feedOf(server.url("/list?key=secret").replace("//", "//user:secret@"));
  assert.equal(await feed.refresh(never), true);
  assert.equal(entriesOf(feed.set), 1);
  assert.deepEqual(server.requests.map(({ url }) => new URL(url).pathname), ["/list", "/moved"]);
  assert.match(
    server.requests[0]?.headers.get("user-agent") ?? "",
    /^openstack_instance_exporter\//,
  );
  server.answer = text("", { status: 500 });
  await feed.refresh(never);
  assert.doesNotMatch(JSON.stringify(log.lines), /secret/);
});

Deno.test("https needs a certificate that is trusted, for that name, and stays https", async (t) => {
  using authority = makeAuthority();
  const { bundle, key, cert, otherCert } = authority;
  await using server = new FeedServer({ key, cert });
  await using plain = new FeedServer();
  await t.step("trusted", async () => {
    const { feed } = feedOf(server.url(), { bundle });
    assert.equal(await feed.refresh(never), true);
  });
  const refused = async (url: string, reason: RegExp, trusted?: string) => {
    const { feed, log } = feedOf(url, trusted === undefined ? {} : { bundle: trusted });
    assert.equal(await feed.refresh(never), false);
    assert.match(String(log.lines.at(-1)?.fields.reason), reason);
  };
  await t.step("of an authority that nobody knows", () => refused(server.url(), /certificate/));
  await t.step("for another name", async () => {
    await using other = new FeedServer({ key, cert: otherCert });
    await refused(other.url(), /certificate/, bundle);
  });
  await t.step("that redirects to plain http", async () => {
    server.answer = () => Response.redirect(plain.url());
    await refused(server.url(), /redirects from https to http:/, bundle);
    assert.equal(plain.requests.length, 0);
  });
  await t.step("at the end of a chain", async () => {
    server.answer = ({ url }) =>
      Response.redirect(url.endsWith("/moved") ? plain.url() : `${server.url("/moved")}`);
    await refused(server.url(), /redirects from https to http:/, bundle);
    assert.equal(new URL(server.requests.at(-1)?.url ?? "").pathname, "/moved");
    assert.equal(plain.requests.length, 0);
  });
  await t.step("where plain http redirects to it", async () => {
    server.answer = text("1.2.3.4\n");
    plain.answer = () => Response.redirect(server.url());
    const { feed } = feedOf(plain.url(), { bundle });
    assert.equal(await feed.refresh(never), true);
  });
});

Deno.test("bytes that are ready keep neither the deadline nor other lists waiting", async () => {
  await using server = new FeedServer();
  server.answer = compressed(
    new Uint8Array(
      gzipSync(new Uint8Array(60 * MEBIBYTE).fill(0x0a).map((_, at) => at & 1 ? 10 : 120)),
    ),
  );
  // The clock of the reading, not a timer, is what ends it.
  let nowMs = 0;
  const source = httpSource({
    flag: "emergingthreats.url",
    url: server.url(),
    format: "plain",
    openClient: () => openFeedClient(),
    deadlineMs: 10_000,
    now: () => nowMs += 100,
  });
  let others = 0;
  const other = setInterval(() => others++, 0);
  await assert.rejects(source.read(undefined, never), { message: /no whole answer in 10 s$/ });
  clearInterval(other);
  assert.ok(others >= 10, `${others} turns`);
});

Deno.test("a list beyond the bound is given up early and never held in memory", async (t) => {
  const comments = new TextEncoder().encode(`#${"x".repeat(1023)}\n`.repeat(64));
  const oneLine = new Uint8Array(65_536).fill(0x31);
  const bomb = new Uint8Array(gzipSync(new Uint8Array(512 * MEBIBYTE).fill(0x23), { level: 1 }));
  const bodies = {
    comments: endless(comments),
    "one line": endless(oneLine),
    "a gzip bomb": compressed(bomb),
  };
  for (const [what, answer] of Object.entries(bodies)) {
    await t.step(what, async () => {
      await using server = new FeedServer();
      server.answer = answer;
      const { feed, log } = feedOf(server.url(), { deadlineMs: 60_000 });
      const before = Deno.memoryUsage().rss;
      let most = before;
      const watch = setInterval(() => most = Math.max(most, Deno.memoryUsage().rss), 5);
      assert.equal(await feed.refresh(never), false);
      clearInterval(watch);
      assert.match(String(log.lines.at(-1)?.fields.reason), /larger than 64 MiB$/);
      const grown = (most - before) / MEBIBYTE;
      assert.ok(grown < 48, `${grown.toFixed(0)} MiB more`);
    });
  }
});
