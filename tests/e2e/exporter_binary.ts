import { executablePath, parseTarget } from "../../scripts/compile.ts";
import { REPOSITORY } from "../../scripts/repository.ts";
import { RealProcess } from "./real_process.ts";
import { freePort } from "./wait_until.ts";

/** The cloud of the demo, for libvirt's test driver. */
export const DEMO_NODE = `${REPOSITORY}/scripts/demo/node.xml`;

/** What to compile for this kind of processor. */
export const NATIVE_TARGET = parseTarget([], Deno.build.target);

/** The compiled program for it. */
export const BINARY = `${REPOSITORY}/${executablePath(NATIVE_TARGET)}`;

/** A running exporter of the demo's cloud. */
export interface RunningExporter extends AsyncDisposable {
  readonly process: RealProcess;
  /** `http://127.0.0.1:PORT`. */
  readonly base: string;
  readonly port: number;
}

/** Starts the compiled program on the demo's cloud and a free port, with more flags if given. */
export function startExporter(...flags: readonly string[]): RunningExporter {
  const port = freePort();
  const process = new RealProcess(BINARY, [
    `-web.listen-address=127.0.0.1:${port}`,
    `-libvirt.uri=test://${DEMO_NODE}`,
    "-collection.interval=500ms",
    ...flags,
  ]);
  return {
    process,
    port,
    base: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () => process[Symbol.asyncDispose](),
  };
}
