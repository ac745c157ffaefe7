const SCHEMA = "/usr/share/openvswitch/vswitch.ovsschema";

/** A real ovsdb-server of the test's own, in a folder of its own, without a switch. */
export class OvsdbServer implements AsyncDisposable {
  readonly #folder: string;
  #process: Deno.ChildProcess | undefined;

  private constructor(folder: string) {
    this.#folder = folder;
  }

  /** A database with the integration bridge, served. */
  static async start(): Promise<OvsdbServer> {
    const server = new OvsdbServer(await Deno.makeTempDir({ prefix: "oie-ovsdb-" }));
    try {
      await run("ovsdb-tool", "create", `${server.#folder}/conf.db`, SCHEMA);
      await server.serve();
      await server.vsctl("init", "--", "add-br", "br-int", "--", "add-br", "br-ex");
      return server;
    } catch (error) {
      await server[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Path of the database's socket. */
  get socket(): string {
    return `${this.#folder}/db.sock`;
  }

  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  /** Serves the database again after {@link end}. */
  async serve(): Promise<void> {
    this.#process = new Deno.Command("ovsdb-server", {
      args: [
        `--remote=punix:${this.socket}`,
        `--unixctl=${this.#folder}/control`,
        "--no-chdir",
        "--verbose=off",
        `${this.#folder}/conf.db`,
      ],
      stdin: "null",
      stdout: "null",
      stderr: "null",
    }).spawn();
    // It retries until the socket is there.
    await this.vsctl("--retry", "--timeout=20", "show");
  }

  /** Runs ovs-vsctl on this database; nothing waits for a switch to follow. */
  async vsctl(...args: readonly string[]): Promise<void> {
    await run("ovs-vsctl", `--db=unix:${this.socket}`, "--no-wait", ...args);
  }

  /** Writes the zones of logical ports the way ovn-controller does; an empty text removes one. */
  async setZones(zones: Readonly<Record<string, string>>): Promise<void> {
    await this.vsctl(
      ...Object.entries(zones).flatMap(([port, zone]) =>
        zone === ""
          ? ["--", "remove", "bridge", "br-int", "external_ids", `ct-zone-${port}`]
          : ["--", "set", "bridge", "br-int", `external_ids:ct-zone-${port}=${zone}`]
      ).slice(1),
    );
  }

  /** Ends the process; the database stays. */
  async end(): Promise<void> {
    const ending = this.#process;
    this.#process = undefined;
    ending?.kill("SIGKILL");
    await ending?.status;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
    await Deno.remove(this.#folder, { recursive: true });
  }
}

async function run(program: string, ...args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  if (!success) {
    throw new Error(`${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  }
}
