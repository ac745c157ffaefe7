import assert from "node:assert/strict";
import { listen } from "../../lib/web/listen.ts";
import { DEFAULT_LIMITS } from "../../lib/web/web_limits.ts";
import { waitUntil } from "../e2e/wait_until.ts";
import { fakeHandler } from "../web/fake_pages.ts";

const PATIENT_MS = 20_000;
/** Less than the kernel takes of a sender, and more than it does for a receiver that does not read. */
const PAGE = "x".repeat(1_000_000);

/** State and queued bytes of the server's end of a connection, undefined where it has none. */
async function serverEnd(serverPort: number, clientPort: number): Promise<string | undefined> {
  const ports = `sport = :${serverPort} and dport = :${clientPort}`;
  const { stdout } = await new Deno.Command("ss", { args: ["-tnH", ports] }).output();
  const [state, , queued] = new TextDecoder().decode(stdout).trim().split(/\s+/);
  return state ? `${state} ${queued}` : undefined;
}

async function started() {
  const unexpected = (error: unknown) => {
    throw error;
  };
  const web = await listen([{ hostname: "127.0.0.1", port: 0 }], fakeHandler(PAGE).handler, {
    limits: { ...DEFAULT_LIMITS, maxConnections: 0, maxRequests: 0, stallMs: 1000 },
    onError: unexpected,
    onClosed: unexpected,
    onCut: () => {},
  });
  return { web, port: web.addresses[0]?.port ?? 0 };
}

/** How many sockets of this process send without waiting for acknowledgements. */
function countOfNoDelay(): number {
  const symbols = {
    // int getsockopt(int sockfd, int level, int optname, void *optval, socklen_t *optlen);
    getsockopt: { parameters: ["i32", "i32", "i32", "buffer", "buffer"], result: "i32" },
  } as const;
  const [IPPROTO_TCP, TCP_NODELAY] = [6, 1];
  const libc = Deno.dlopen("libc.so.6", symbols);
  const count = [...Deno.readDirSync("/proc/self/fd")].filter(({ name }) => {
    const value = new Uint8Array(4);
    const length = new Uint8Array(new Uint32Array([4]).buffer);
    libc.symbols.getsockopt(Number(name), IPPROTO_TCP, TCP_NODELAY, value, length);
    return value[0] === 1;
  }).length;
  libc.close();
  return count;
}

Deno.test("listen lets no end of an answer wait for an acknowledgement that the client delays", async () => {
  const before = countOfNoDelay();
  const { web, port } = await started();
  try {
    using client = await Deno.connect({ hostname: "127.0.0.1", port });
    await client.write(new TextEncoder().encode("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
    await client.read(new Uint8Array(1));
    assert.equal(countOfNoDelay() - before, 2, "of the listener and of its connection");
  } finally {
    await web.shutdown(50);
  }
});

Deno.test("listen leaves the kernel no answer of a closed connection whose client takes nothing", async () => {
  const { web, port } = await started();
  try {
    using reader = await Deno.connect({ hostname: "127.0.0.1", port });
    const request = "GET /metrics HTTP/1.1\r\nConnection: close\r\nHost: x\r\n\r\n";
    await reader.write(new TextEncoder().encode(request));
    const end = () => serverEnd(port, reader.localAddr.port);
    await waitUntil(
      "a closed connection with bytes for its client",
      async () => /^FIN-WAIT-1 [1-9]/.test(await end() ?? "") || undefined,
      { withinMs: PATIENT_MS },
    );
    await waitUntil("its end", async () => await end() === undefined || undefined, {
      withinMs: PATIENT_MS,
    });
    assert.equal(await end(), undefined);
  } finally {
    await web.shutdown(50);
  }
});
