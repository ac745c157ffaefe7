import type { LibvirtNode } from "../integration/libvirt_node.ts";
import { BINARY } from "./exporter_binary.ts";
import { sampleValues } from "./page_text.ts";
import { RealProcess } from "./real_process.ts";
import { noteFamilies } from "./seen_families.ts";
import { freePort, waitUntil } from "./wait_until.ts";

/** Cycles of these tests: the watchdog's deadline is its least then, 15 s. */
export const INTERVAL_MS = 1_000;

/** How a {@link NodeExporter} is started. */
export interface NodeExporterOptions {
  /** Capabilities of the process, such as `net_admin`; only that one unless given. */
  readonly capabilities?: readonly string[];
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Connection URI; the node's unless given. */
  readonly uri?: string;
  /** Time between cycles; {@link INTERVAL_MS} unless given. */
  readonly intervalMs?: number;
  /**
   * Where it runs; on this machine's network unless given. In the node's network the test reaches it by
   * `curl`; `system` is the node's network and its system's files and libraries.
   */
  readonly where?: "machine" | "network" | "system";
}

const COMMANDS: Readonly<
  Record<
    NonNullable<NodeExporterOptions["where"]>,
    (node: LibvirtNode, args: readonly string[]) => [string, readonly string[]]
  >
> = {
  machine: (_node, args) => ["setpriv", args],
  network: (node, args) => node.inside("setpriv", args),
  system: (node, args) => node.insideSystem("setpriv", args),
};

/**
 * The compiled program on a node of a test, as the user `nobody` without a group, with the one
 * capability that it needs. Needs root, to give that up.
 */
export class NodeExporter implements AsyncDisposable {
  readonly process: RealProcess;
  readonly port: number;
  readonly #folder: string;
  readonly #node: LibvirtNode;
  readonly #where: "machine" | "network" | "system";

  private constructor(node: LibvirtNode, folder: string, options: NodeExporterOptions) {
    const { capabilities = ["net_admin"], flags = [], env = {}, uri = node.uri } = options;
    const { intervalMs = INTERVAL_MS, where = "machine" } = options;
    this.port = freePort();
    this.#folder = folder;
    this.#node = node;
    this.#where = where;
    const kept = ["-all", ...capabilities.map((name) => `+${name}`)].join(",");
    const args = [
      ...["--reuid=nobody", "--regid=nogroup", "--clear-groups", "--no-new-privs"],
      ...["--bounding-set", "--inh-caps", "--ambient-caps"].map((set) => `${set}=${kept}`),
      // Behind setpriv, so that what they do happens to the program alone.
      ...["env", ...Object.entries(env).map(([name, value]) => `${name}=${value}`)],
      `${folder}/exporter`,
      `-web.listen-address=127.0.0.1:${this.port}`,
      `-libvirt.uri=${uri}`,
      `-collection.interval=${intervalMs}ms`,
      ...flags,
    ];
    const [program, all] = COMMANDS[where](node, args);
    this.process = new RealProcess(program, all);
  }

  /** Starts it on a copy of the binary: `nobody` may not enter the folder of a checkout. */
  static async start(node: LibvirtNode, options: NodeExporterOptions = {}): Promise<NodeExporter> {
    const folder = await Deno.makeTempDir({ dir: node.folder, prefix: "nobody-" });
    await Deno.chmod(folder, 0o755);
    await Deno.copyFile(BINARY, `${folder}/exporter`);
    return new NodeExporter(node, folder, options);
  }

  /** Its page now. */
  async page(): Promise<string> {
    const page = await this.#fetch();
    await noteFamilies(page);
    return page;
  }

  async #fetch(): Promise<string> {
    const url = `http://127.0.0.1:${this.port}/metrics`;
    if (this.#where === "machine") {
      const response = await fetch(url, { signal: AbortSignal.timeout(5_000) });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`status ${response.status}: ${text}`);
      return text;
    }
    const [program, args] = this.#node.inside("curl", ["-sf", "--max-time", "5", url]);
    const { success, stdout } = await new Deno.Command(program, { args }).output();
    if (!success) throw new Error(`Cannot fetch ${url} inside the node`);
    return new TextDecoder().decode(stdout);
  }

  /** Waits for a page whose samples are as `fits` wants; gives all samples. */
  async values(
    what: string,
    withinMs: number,
    fits: (values: ReadonlyMap<string, number>) => boolean,
  ): Promise<ReadonlyMap<string, number>> {
    return await waitUntil(what, async () => {
      const values = sampleValues(await this.page());
      return fits(values) ? values : undefined;
    }, { withinMs, describe: () => this.process.output });
  }

  /** Samples of a page whose cycle began after this call: the first that ends then may have begun before. */
  async nextPage(withinMs: number): Promise<ReadonlyMap<string, number>> {
    const endOf = (values: ReadonlyMap<string, number>) =>
      values.get("oie_host_last_collection_timestamp_seconds") ?? 0;
    let values = await this.values("a page", withinMs, () => true);
    for (let cycles = 0; cycles < 2; cycles++) {
      const before = endOf(values);
      values = await this.values("another cycle", withinMs, (newer) => endOf(newer) > before);
    }
    return values;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** Whether the newest cycle listed `instances` domains. */
export function isUp(instances: number): (values: ReadonlyMap<string, number>) => boolean {
  return (values) =>
    values.get("oie_libvirt_up") === 1 &&
    [...values.keys()].filter((series) => series.startsWith("oie_instance_info{")).length ===
      instances;
}

/** Whether the page says that libvirt cannot be read. */
export function isDown(values: ReadonlyMap<string, number>): boolean {
  return values.get("oie_libvirt_up") === 0;
}
