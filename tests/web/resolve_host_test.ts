import assert from "node:assert/strict";
import { resolveHost } from "../../lib/web/resolve_host.ts";

Deno.test("resolveHost asks for names only", async () => {
  const asked: string[] = [];
  const ask = (hostname: string) => {
    asked.push(hostname);
    return Promise.resolve({ address: "192.0.2.7" });
  };
  const resolved = await Promise.all(
    ["", "10.0.0.1", "::1", "node1"].map((hostname) => resolveHost({ hostname, port: 1 }, ask)),
  );
  assert.deepEqual(resolved.map(({ hostname }) => hostname), ["", "10.0.0.1", "::1", "192.0.2.7"]);
  assert.deepEqual(asked, ["node1"]);
});

Deno.test("resolveHost knows this machine by the system's resolver", async () => {
  const { hostname, port } = await resolveHost({ hostname: "localhost", port: 9120 });
  assert.match(hostname, /^(127\.0\.0\.1|::1)$/);
  assert.equal(port, 9120);
});

Deno.test("resolveHost says which name has no address, or no answer in time", async () => {
  const address = { hostname: "node1", port: 9120 };
  const never = () => new Promise<{ address: string }>(() => {});
  const cases = [
    [never, "Cannot listen on node1:9120: the name was not resolved within 0.01 s"],
    [
      () => Promise.reject(new Error("ENOTFOUND")),
      "Cannot listen on node1:9120: the name has no address",
    ],
  ] as const;
  for (const [ask, message] of cases) {
    await assert.rejects(resolveHost(address, ask, 10), { message });
  }
});
