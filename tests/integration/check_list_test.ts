import assert from "node:assert/strict";
import { REPOSITORY } from "../../scripts/repository.ts";
import { FeedServer, makeAuthority } from "./feed_server.ts";

/** Runs `check-list` as an operator does, with the program's own permissions. */
async function checkList(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--permission-set=exporter", "main.ts", "check-list"]
      .concat(args),
    cwd: REPOSITORY,
    env: { NO_COLOR: "1", ...env },
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { code, out: decoder.decode(stdout), error: decoder.decode(stderr) };
}

Deno.test("check-list says yes with 0, no with 1 and wrong arguments with 2", async () => {
  await using server = new FeedServer();
  const yes = await checkList([server.url()]);
  assert.equal(yes.code, 0, yes.error);
  assert.match(yes.out, /^entries: 1 \(IPv4 1, IPv6 0\)$/m);
  assert.match(yes.out, /\naccepted: yes\n$/);

  server.answer = () => new Response("nothing\n");
  const no = await checkList(["-kind=plain", server.url()]);
  assert.equal(no.code, 1);
  assert.match(no.out, /\n {2}line 1: no address or prefix: "nothing"\naccepted: no, /);

  const wrong = await checkList(["-kind=xml", server.url()]);
  assert.deepEqual([wrong.code, wrong.out], [2, ""]);
  assert.equal(
    wrong.error.trim(),
    'Cannot parse flag -kind: "xml" is not one of auto, plain, onionoo, drop, tor_exit, ' +
      "tor_relay, spamhaus, emergingthreats, customlist",
  );

  const help = await checkList(["-h"]);
  assert.deepEqual([help.code, help.error], [0, ""]);
  assert.match(help.out, /^Usage of check-list:\n/);
});

Deno.test("lists are fetched through the proxy that the environment names", async () => {
  await using proxy = new FeedServer();
  const proxyUrl = proxy.url("");
  const { code, out } = await checkList(["http://feed.invalid/list"], { HTTP_PROXY: proxyUrl });
  assert.equal(code, 0, out);
  assert.deepEqual(proxy.requests.map(({ headers }) => headers.get("host")), ["feed.invalid"]);
  const around = { HTTP_PROXY: proxyUrl, NO_PROXY: "feed.invalid" };
  assert.equal((await checkList(["http://feed.invalid/list"], around)).code, 1);
  assert.equal(proxy.requests.length, 1);
});

Deno.test("https trusts the certificates that SSL_CERT_FILE names", async () => {
  using authority = makeAuthority();
  await using server = new FeedServer({ key: authority.key, cert: authority.cert });
  const trusting = await checkList([server.url()], { SSL_CERT_FILE: authority.bundle });
  assert.equal(trusting.code, 0, trusting.out);
  const other = await checkList([server.url()]);
  assert.equal(other.code, 1);
  assert.match(other.out, /accepted: no, Cannot fetch the list: .*certificate/);
});
