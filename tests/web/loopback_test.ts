import assert from "node:assert/strict";
import { isLoopback } from "../../lib/web/loopback.ts";

Deno.test("isLoopback knows this machine's own addresses", () => {
  const of = (hostname: string) => isLoopback({ transport: "tcp", hostname, port: 1 });
  for (const host of ["127.0.0.1", "127.255.3.4", "::1", "::ffff:127.0.0.1", "::FFFF:127.1.2.3"]) {
    assert.equal(of(host), true, host);
  }
  for (
    const host of [
      "10.0.0.1",
      "128.0.0.1",
      "::",
      "::2",
      "::ffff:10.0.0.1",
      "fe80::1",
      "127.0.0.1.x",
      "",
    ]
  ) {
    assert.equal(of(host), false, host);
  }
  assert.equal(isLoopback({ transport: "unix", path: "127.0.0.1" }), false);
});
