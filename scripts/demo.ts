// deno task demo [-once] [flags of the exporter]: shows the exporter at work on a cloud that is not
// there, libvirt's test driver and, for root, conntrack entries in a network namespace of the demo's
// own. Nothing on the machine is changed, and all of it is gone at the end.
import { formatListenAddress, type ListenAddress } from "../lib/config/listen_address.ts";
import { UsageError } from "../lib/config/usage_error.ts";
import { type DemoArguments, parseDemoArguments } from "./demo/arguments.ts";
import { serveBridge } from "./demo/bridge.ts";
import { CLOUD, fixedIpsOfCloud } from "./demo/cloud.ts";
import { ConntrackTable } from "./demo/conntrack_table.ts";
import { ExporterProcess } from "./demo/exporter_process.ts";
import { enterNetworkNamespace } from "./demo/network_namespace.ts";
import { type PageSample, parsePage } from "./demo/page.ts";
import { collectedAt, summarize } from "./demo/summary.ts";
import { passingFlows, standingFlows } from "./demo/traffic.ts";
import { REPOSITORY } from "./repository.ts";

const TRAFFIC_INTERVAL_MS = 1_000;
const POLL_INTERVAL_MS = 100;
/** For the exporter's start and two cycles, besides the intervals. */
const PATIENCE_MS = 30_000;

/** Ends the demo early: one line for the user. */
class DemoError extends Error {}

async function demo(
  { once, flags, config, listen, fixedPort }: DemoArguments,
  signal: AbortSignal,
): Promise<void> {
  // Opened before the namespace is entered, and therefore outside it.
  using listener = openListener(listen, fixedPort);
  using conntrack = fillConntrack();
  const port = freePort();
  await using exporter = await ExporterProcess.start([
    ...flags,
    `-web.listen-address=127.0.0.1:${port}`,
  ]);
  const outer = formatListenAddress({ ...listen, port: listener.addr.port });
  const path = config["web.telemetry-path"];
  const bridge = serveBridge(listener, port);

  const ended = exporter.code.then((code) => {
    // Ctrl-C at a terminal reaches the exporter too.
    if (signal.aborted) return;
    throw new DemoError(`Cannot show the demo: the exporter ended with code ${code}, see above`);
  });
  const show = async () => {
    const inner = `http://127.0.0.1:${port}${path}`;
    const options = { signal, withinMs: 2 * config["collection.interval"] + PATIENCE_MS };
    const first = await pageAfter(-Infinity, inner, options);
    const second = await pageAfter(collectedAt(first) ?? 0, inner, options);
    const url = `http://${outer}/`;
    const metrics = `http://${outer}${path}`;
    console.log(summarize(first, second, { url, metrics, conntrack: conntrack !== undefined }));
    if (once) return;
    console.log("\nCtrl-C ends the demo; until then look at it in the browser or the terminal");
    await aborted(signal);
  };
  await Promise.race([show(), ended, bridge]);
}

/** Listens where it was asked to, or on any free port where that one is taken and was not chosen. */
function openListener(
  address: ListenAddress,
  fixedPort: boolean,
): Deno.TcpListener {
  try {
    return Deno.listen(address);
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse && !fixedPort) {
      console.error(`Port ${address.port} is taken: another one serves`);
      return Deno.listen({ ...address, port: 0 });
    }
    throw new DemoError(`Cannot listen on ${formatListenAddress(address)}: ${messageOf(error)}`);
  }
}

/** Gives the demo a conntrack table with flows of its cloud; undefined, and a line, where it cannot. */
function fillConntrack(): Disposable | undefined {
  if (!enterNetworkNamespace()) {
    console.error("Going on without conntrack: a network namespace of the demo's own takes root");
    return undefined;
  }
  try {
    return startTraffic(fixedIpsOfCloud(Deno.readTextFileSync(CLOUD)));
  } catch (error) {
    console.error(`Going on without conntrack: ${messageOf(error)}`);
    return undefined;
  }
}

function startTraffic(fixedIps: readonly (readonly string[])[]): Disposable {
  const table = new ConntrackTable();
  table.create(standingFlows(fixedIps));
  let turn = 0;
  const timer = setInterval(() => {
    try {
      table.create(passingFlows(fixedIps, turn++));
    } catch (error) {
      clearInterval(timer);
      console.error(`Going on without new flows: ${messageOf(error)}`);
    }
  }, TRAFFIC_INTERVAL_MS);
  return {
    [Symbol.dispose]() {
      clearInterval(timer);
      table[Symbol.dispose]();
    },
  };
}

/** A port of 127.0.0.1, in this thread's namespace, that nobody uses at this moment. */
function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** The first page of a cycle that ended later than `seconds` since the epoch. */
async function pageAfter(
  seconds: number,
  url: string,
  { signal, withinMs }: { readonly signal: AbortSignal; readonly withinMs: number },
): Promise<readonly PageSample[]> {
  const deadline = performance.now() + withinMs;
  while (performance.now() < deadline) {
    signal.throwIfAborted();
    const page = parsePage(await textOf(url, signal) ?? "");
    if ((collectedAt(page) ?? -Infinity) > seconds) return page;
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
  throw new DemoError(`Cannot show the demo: no complete cycle within ${withinMs / 1000} s`);
}

/** Body of the answer; undefined where there is none yet. */
async function textOf(url: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal });
    const text = await response.text();
    return response.ok ? text : undefined;
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Runs the demo until its end or a signal. Returns the exit code. */
async function main(args: readonly string[]): Promise<number> {
  const parsed = parseDemoArguments(args);
  if (parsed === undefined) return await askExporter(args);
  const stop = new AbortController();
  const end = () => stop.abort();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, end);
  }
  try {
    await demo(parsed, stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  }
  return 0;
}

/** Lets the exporter itself answer -h and -version. */
async function askExporter(args: readonly string[]): Promise<number> {
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "--no-prompt", "--permission-set=exporter", "main.ts", ...args],
    cwd: REPOSITORY,
  }).spawn().status;
  return code;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(messageOf(error));
    Deno.exit(error instanceof UsageError ? 2 : 1);
  }
}
