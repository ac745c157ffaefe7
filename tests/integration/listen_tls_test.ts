import assert from "node:assert/strict";
import type { CutReason } from "../../lib/web/connection.ts";
import { listen, type Listening } from "../../lib/web/listen.ts";
import { DEFAULT_LIMITS, type WebLimits } from "../../lib/web/web_limits.ts";
import { fakeHandler } from "../web/fake_pages.ts";
import { makeTestAuthority, type TestAuthority } from "./test_authority.ts";

const ADDRESSES = ["127.0.0.1", "::1"].map((hostname) => ({ hostname, port: 0 }));
const PATIENT_MS = 20_000;

async function started(authority: TestAuthority, limits: Partial<WebLimits>) {
  await authority.issue("server");
  const cuts: CutReason[] = [];
  const unexpected = (error: unknown) => {
    throw error;
  };
  const { handler, state } = fakeHandler();
  const web = await listen(ADDRESSES, handler, {
    limits: { ...DEFAULT_LIMITS, maxConnections: 0, maxRequests: 0, ...limits },
    tls: {
      cert: await Deno.readTextFile(`${authority.folder}/server.crt`),
      key: await Deno.readTextFile(`${authority.folder}/server.key`),
    },
    onError: unexpected,
    onClosed: unexpected,
    onCut: (reason) => cuts.push(reason),
  });
  return { web, cuts, state };
}

/** What curl says of an exchange: version of HTTP, status, and how many bytes came. */
async function curl(
  web: Listening,
  authority: TestAuthority,
  at: number,
  ...more: readonly string[]
): Promise<string> {
  const { stdout, stderr } = await curlCommand(web, authority, at, more).output();
  const decoder = new TextDecoder();
  return decoder.decode(stdout) + decoder.decode(stderr);
}

function curlCommand(
  { addresses }: Listening,
  { folder }: TestAuthority,
  at: number,
  more: readonly string[],
  output: "piped" | "null" = "piped",
): Deno.Command {
  const { hostname, port } = addresses[at] ?? assert.fail();
  return new Deno.Command("curl", {
    args: [
      ...["--silent", "--show-error", "--output", "/dev/null"],
      ...["--cacert", `${folder}/authority.crt`],
      ...["--connect-to", `127.0.0.1:${port}:[${hostname}]:${port}`],
      ...["--write-out", "%{http_version} %{http_code} %{size_download}", ...more],
      `https://127.0.0.1:${port}/metrics`,
    ],
    stdin: "null",
    stdout: output,
    stderr: output,
  });
}

Deno.test("listen speaks TLS 1.2 and 1.3, HTTP/1.1 and 2, over IPv4 and IPv6", async () => {
  await using authority = await makeTestAuthority();
  const { web, cuts } = await started(authority, {});
  try {
    for (const at of [0, 1]) {
      assert.equal(await curl(web, authority, at), "2 200 5");
      assert.equal(await curl(web, authority, at, "--http1.1"), "1.1 200 5");
      assert.equal(await curl(web, authority, at, "--tls-max", "1.2"), "2 200 5");
      assert.match(await curl(web, authority, at, "--tls-max", "1.1"), /^0 000 0curl: /);
    }
    assert.deepEqual(cuts, []);
  } finally {
    assert.equal(await web.shutdown(5000), true);
  }
});

Deno.test("listen ends TLS that is not shaken, and clients of HTTP/2 that do not read", async () => {
  await using authority = await makeTestAuthority();
  const { web, cuts, state } = await started(authority, { headMs: 400, stallMs: 400 });
  state.plain = new Uint8Array(20_000_000).fill(97);
  const { port } = web.addresses[0] ?? assert.fail();
  using silent = await Deno.connect({ hostname: "127.0.0.1", port });
  await silent.write(Uint8Array.of(0x16, 3, 1, 2, 0, 1));
  try {
    // Reads a page of 20 MB at 1 kB a second.
    await using slow = curlCommand(web, authority, 0, ["--limit-rate", "1k"], "null").spawn();
    const end = performance.now() + PATIENT_MS;
    while (cuts.length < 2 && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.deepEqual(cuts.toSorted(), ["no request", "not reading"]);
    slow.kill("SIGKILL");
    await slow.status;
    assert.equal(await curl(web, authority, 1), "2 200 20000000");
  } finally {
    await web.shutdown(1000);
  }
});
