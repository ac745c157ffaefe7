import assert from "node:assert/strict";
import { parseDemoArguments } from "../../../scripts/demo/arguments.ts";

Deno.test("parseDemoArguments takes -once for itself and lets the user's flags win", () => {
  const plain = parseDemoArguments([]);
  assert.equal(plain?.once, false);
  assert.equal(plain?.fixedPort, false);
  assert.deepEqual(plain?.listen, { hostname: "127.0.0.1", port: 9120 });
  assert.equal(plain?.config["collection.interval"], 2_000);
  const given = parseDemoArguments([
    "--web.listen-address",
    "[::1]:99",
    "-once",
    "-collection.interval=500ms",
  ]);
  assert.equal(given?.once, true);
  assert.equal(given?.fixedPort, true);
  assert.deepEqual(given?.listen, { hostname: "::1", port: 99 });
  assert.equal(given?.config["collection.interval"], 500);
  assert.deepEqual(given?.flags.slice(-3), [
    "--web.listen-address",
    "[::1]:99",
    "-collection.interval=500ms",
  ]);
  assert.equal(parseDemoArguments(["-h"]), undefined);
});

Deno.test("parseDemoArguments throws for a wrong flag and for an address beyond this machine", () => {
  assert.throws(() => parseDemoArguments(["-bogus"]), {
    name: "UsageError",
    message: "Cannot parse flag -bogus: there is no such flag, see -h",
  });
  for (const address of [":9120", "0.0.0.0:9120", "127.0.0.1:1,127.0.0.1:2"]) {
    assert.throws(() => parseDemoArguments([`-web.listen-address=${address}`]), {
      name: "UsageError",
      message:
        `Cannot show the demo on ${address}: it listens on one loopback address, such as 127.0.0.1:9120`,
    });
  }
});
