import type { Config } from "../../lib/config/config.ts";
import { formatListenAddress, type ListenAddress } from "../../lib/config/listen_address.ts";
import { parseFlags } from "../../lib/config/parse_flags.ts";
import { UsageError } from "../../lib/config/usage_error.ts";
import { CLOUD, LISTED } from "./cloud.ts";

/** What the demo was asked for. */
export interface DemoArguments {
  /** End after the summary. */
  readonly once: boolean;
  /** Flags of the exporter: those of the demo, then the user's, which win. */
  readonly flags: readonly string[];
  readonly config: Config;
  readonly listen: ListenAddress;
  /** Whether the user chose where to listen, so that no other port will do. */
  readonly fixedPort: boolean;
}

/** What the demo sets, so that two cycles are soon over and every instance has something to show. */
const DEMO_FLAGS = [
  "-web.listen-address=127.0.0.1:9120",
  `-libvirt.uri=test://${CLOUD}`,
  "-collection.interval=2s",
  "-cpu.min=0",
  "-outbound.behavior.enable",
  // The test driver's disks all have the same rate: one tier has to bear less than the others.
  "-read.thresholds=default:500000",
  "-write.thresholds=default:500000,vms:20000",
  "-customlist.enable",
  `-customlist.path=${LISTED}`,
  "-log.level=error",
];

const LISTEN_FLAG = /^--?web\.listen-address(=|$)/;

/**
 * Reads the arguments of the demo.
 *
 * @returns undefined where they ask for the exporter's usage text or version.
 * @throws {UsageError} If a flag is wrong, or asks to listen beyond this machine.
 */
export function parseDemoArguments(args: readonly string[]): DemoArguments | undefined {
  const own = args.filter((arg) => !/^--?once$/.test(arg));
  const flags = [...DEMO_FLAGS, ...own];
  const command = parseFlags(flags);
  if (command.action !== "run") return undefined;
  const { config } = command;
  const [listen, ...others] = config["web.listen-address"];
  if (listen === undefined || others.length > 0 || !isLoopback(listen)) {
    const wanted = config["web.listen-address"].map(formatListenAddress).join(",");
    throw new UsageError(
      `Cannot show the demo on ${wanted}: it listens on one loopback address, such as 127.0.0.1:9120`,
    );
  }
  return {
    once: own.length < args.length,
    flags,
    config,
    listen,
    fixedPort: own.some((arg) => LISTEN_FLAG.test(arg)),
  };
}

function isLoopback({ hostname }: ListenAddress): boolean {
  return hostname === "localhost" || hostname === "::1" || hostname.startsWith("127.");
}
