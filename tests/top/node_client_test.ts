import assert from "node:assert/strict";
import { NodeClient } from "../../lib/top/node_client.ts";
import { boundedText } from "../../lib/top/bounded_text.ts";
import { BUSY, HISTORY, snapshot } from "../screen/snapshots.ts";

const NODE = snapshot([BUSY]);

/** A server that a test answers for, and a client of it. */
function serve(answer: (request: Request) => Response | Promise<Response>, authorization?: string) {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, answer);
  const client = new NodeClient(`http://127.0.0.1:${server.addr.port}/`, {
    authorization,
    client: Deno.createHttpClient({}),
  });
  return {
    client,
    async [Symbol.asyncDispose]() {
      client[Symbol.dispose]();
      await server.shutdown();
    },
  };
}

Deno.test("NodeClient asks for what is new, and tells its age by the clock of who answers", async () => {
  const asked: (string | null)[] = [];
  const collectedMs = 1000 * (NODE.cycle.collected_at ?? 0);
  await using server = serve((request) => {
    asked.push(new URL(request.url).pathname, request.headers.get("authorization"));
    asked.push(request.headers.get("if-none-match"));
    const headers = {
      etag: 'W/"1"',
      date: new Date(collectedMs + 4000 * asked.length / 3).toUTCString(),
    };
    const isKnown = request.headers.has("if-none-match");
    return isKnown
      ? new Response(null, { status: 304, headers })
      : Response.json(NODE, { headers });
  }, "Basic x");
  assert.deepEqual(await server.client.snapshot(), { snapshot: NODE, ageMs: 4000 });
  assert.deepEqual(await server.client.snapshot(), { snapshot: NODE, ageMs: 8000 });
  assert.deepEqual(asked, [
    ...["/api/v1/node", "Basic x", null],
    ...["/api/v1/node", "Basic x", 'W/"1"'],
  ]);
});

Deno.test("NodeClient gives a history, or why there is none", async () => {
  await using server = serve((request) =>
    new URL(request.url).pathname === `/api/v1/instances/${BUSY.uuid}/history`
      ? Response.json(HISTORY)
      : Response.json({ error: "No such instance is known to run on this node" }, { status: 404 })
  );
  assert.deepEqual(await server.client.history(BUSY.uuid), HISTORY);
  assert.equal(
    await server.client.history("../node"),
    "No such instance is known to run on this node",
  );
});

Deno.test("NodeClient says in words why an answer is of no use", async () => {
  const none = "it is no OpenStack Instance Exporter";
  const cases: readonly (readonly [() => Response, string])[] = [
    [
      () => new Response("", { status: 401 }),
      "it does not let in: give a right -user and -password.file (status 401)",
    ],
    [() => new Response("", { status: 404 }), `${none}, or one without the JSON API (status 404)`],
    [() => new Response("", { status: 503 }), "it is too busy (status 503)"],
    [
      () => new Response("", { status: 302, headers: { location: "http://evil.example/" } }),
      "it answers status 302",
    ],
    [() => new Response("# HELP"), `${none}: its answer is no JSON`],
    [() => Response.json(null), `${none}: its answer has no right the whole`],
    [() => Response.json([]), `${none}: its answer has no right the whole`],
    [() => Response.json({ ...NODE, node: 1 }), `${none}: its answer has no right node`],
    [
      () =>
        Response.json({
          ...NODE,
          instances: [BUSY, { ...BUSY, sum: { ...BUSY.sum, flows: "1" } }],
        }),
      `${none}: its answer has no right instances[1].sum.flows`,
    ],
    [
      () => Response.json({ schema: 2 }),
      "it speaks version 2 of the API, and this program version 1",
    ],
  ];
  let answer = cases[0]?.[0] ?? Response.error;
  await using server = serve(() => answer());
  for (const [given, message] of cases) {
    answer = given;
    await assert.rejects(server.client.snapshot(), { name: "AnswerError", message });
  }
  answer = () =>
    Response.json({ ...NODE, new_field: 1, cycle: { ...NODE.cycle, collected_at: null } });
  assert.equal((await server.client.snapshot()).ageMs, undefined, "what is new does not disturb");
});

Deno.test("NodeClient tells who does not answer", async () => {
  const server = serve(() => new Response(""));
  await server[Symbol.asyncDispose]();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr;
  listener.close();
  using client = new NodeClient(`http://127.0.0.1:${port}/`, {
    authorization: undefined,
    client: Deno.createHttpClient({}),
  });
  await assert.rejects(client.snapshot(), {
    name: "AnswerError",
    message: "connection refused: the exporter may not run there, see -url",
  });
});

Deno.test("boundedText ends with an answer that does not", async () => {
  const endless = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(new TextEncoder().encode("é".repeat(500))),
  });
  await assert.rejects(boundedText(new Response(endless), 10_000), {
    name: "RangeError",
    message: "its answer has more than 10000 bytes",
  });
  assert.equal(await boundedText(new Response("é"), 2), "é");
  assert.equal(await boundedText(new Response(null)), "");
});
