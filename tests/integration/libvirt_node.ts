import { INIT_SCRIPT, QEMU_CONF, removeControlGroups } from "./node_namespaces.ts";
import { guestCode } from "./guest_code.ts";
import { type GuestOptions, guestXml, NOVA_NAMESPACE, novaMetadata } from "./guest_xml.ts";

const DISK_BYTES = 1024 * 1024;
const SWAP_BYTES = 128 * 1024 * 1024;

/** How a node is made. */
export interface LibvirtNodeOptions {
  /** Root of the system whose libvirt and QEMU it runs; this machine's unless given. */
  readonly system?: string;
  /** libvirt's daemon: `libvirtd` unless given. */
  readonly daemon?: "libvirtd" | "virtqemud";
}

/** Names of the daemons' sockets. */
const SOCKETS = {
  libvirtd: { full: "libvirt-sock", readOnly: "libvirt-sock-ro" },
  virtqemud: { full: "virtqemud-sock", readOnly: "virtqemud-sock-ro" },
} as const;

/**
 * A compute node of its own on this machine: libvirtd and QEMU guests in their own network, mount
 * and process namespaces. Needs root, libvirt-daemon-driver-qemu, libvirt-clients and
 * qemu-system-x86. Any number may run side by side; all ends with {@link stop}, or with this
 * process, whatever ends it.
 */
export class LibvirtNode implements AsyncDisposable {
  readonly #root: string;
  readonly #name: string;
  readonly #init: Deno.ChildProcess;
  readonly #initPid: number;
  readonly #system: string;
  readonly #program: "libvirtd" | "virtqemud";
  #daemon: Deno.ChildProcess | undefined;
  #isFrozen = false;
  #taps = 0;

  private constructor(
    root: string,
    init: Deno.ChildProcess,
    initPid: number,
    { system = "", daemon = "libvirtd" }: LibvirtNodeOptions,
  ) {
    this.#root = root;
    this.#name = nameOf(root);
    this.#system = system;
    this.#program = daemon;
    this.#init = init;
    this.#initPid = initPid;
  }

  /** Starts a node without guests and waits until its daemon answers. */
  static async start(options: LibvirtNodeOptions = {}): Promise<LibvirtNode> {
    const root = await Deno.makeTempDir({ prefix: "oie" });
    // Programs of any user may ask: only the read-only socket is open to all.
    await Deno.chmod(root, 0o755);
    await Deno.mkdir(`${root}/run`);
    await Deno.writeTextFile(`${root}/qemu.conf`, QEMU_CONF);
    await Deno.writeTextFile(
      `${root}/libvirtd.conf`,
      `auth_unix_ro = "none"\nauth_unix_rw = "none"\nunix_sock_ro_perms = "0777"\n` +
        `log_outputs = "3:file:${root}/libvirtd.log"\n`,
    );
    const init = new Deno.Command("unshare", {
      args: [
        ..."--mount --net --pid --fork --mount-proc --kill-child --propagation private".split(" "),
        "sh",
        "-c",
        INIT_SCRIPT,
        "sh",
        root,
        nameOf(root),
        options.system ?? "",
      ],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = init.stdout.getReader();
    const { done } = await reader.read();
    if (done) throw new Error("Cannot start a node: its namespaces could not be prepared");
    void reader.cancel();
    const children = await Deno.readTextFile(`/proc/${init.pid}/task/${init.pid}/children`);
    const node = new LibvirtNode(root, init, Number(children), options);
    try {
      await node.startDaemon();
    } catch (error) {
      await node.stop();
      throw error;
    }
    return node;
  }

  /** A folder of the node that all its namespaces and its system see by this path; gone with the node. */
  get folder(): string {
    return this.#root;
  }

  /** URI of the read-only socket, for any process of the machine, inside or outside. */
  get uri(): string {
    return `qemu+unix:///system?socket=${this.socket}`;
  }

  /** URI with full rights, as another node needs it to migrate a guest here. */
  get fullUri(): string {
    return `qemu+unix:///system?socket=${this.#root}/run/${SOCKETS[this.#program].full}`;
  }

  /** Path of the read-only socket; libvirtd makes it anew at each start. */
  get socket(): string {
    return `${this.#root}/run/${SOCKETS[this.#program].readOnly}`;
  }

  /** A program to run in the node's network namespace; its process id is its own, so kill it by that. */
  inside(program: string, args: readonly string[] = []): [string, string[]] {
    return ["nsenter", [`--net=/proc/${this.#initPid}/ns/net`, "--", program, ...args]];
  }

  /** As {@link inside}, of a program that sees the node's processes and no other; it ends with nsenter. */
  insideProcesses(program: string, args: readonly string[] = []): [string, string[]] {
    const ending = ["setpriv", "--pdeathsig", "KILL"];
    return ["nsenter", [...this.#namespaces(), ...ending, program, ...args]];
  }

  /**
   * As {@link inside}, of a program of the node's own system, which finds the node's sockets where that
   * system looks for them.
   */
  insideSystem(program: string, args: readonly string[] = []): [string, string[]] {
    const own = ["unshare", "--mount", "--propagation", "private"];
    const script = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"';
    const namespaces = ["--target", String(this.#initPid), "--mount", "--net", "--"];
    return [
      "nsenter",
      [...namespaces, ...own, "sh", "-c", script, this.#system, program, ...args],
    ];
  }

  /** Runs virsh with full rights on this node and returns what it printed. */
  async virsh(...args: string[]): Promise<string> {
    return await output("virsh", ["-q", "-c", this.fullUri, ...args]);
  }

  /** Defines and starts a guest, of 16 MiB unless it runs Linux, with two file disks, `vda` and `vdb`. */
  async createGuest(options: GuestOptions): Promise<void> {
    const path = `${this.#root}/${options.name}`;
    const { bootSector, firmware } = guestCode(options.busy);
    if (options.bare) await Deno.writeFile(`${path}.rom`, firmware);
    await Deno.writeFile(`${path}.root`, bootSector);
    await Deno.truncate(`${path}.root`, options.linux ? SWAP_BYTES : DISK_BYTES);
    await this.createDisk(`${options.name}.data`);
    const interfaces = options.interfaces ?? [`tap${this.#taps++}`];
    const kind = !options.linux && isKvmUsable() ? "kvm" : "qemu";
    const xml = guestXml({ ...options, interfaces }, {
      kind,
      rootDisk: `${path}.root`,
      dataDisk: `${path}.data`,
      ...(options.bare ? { firmware: `${path}.rom` } : {}),
    });
    await Deno.writeTextFile(`${path}.xml`, xml);
    await this.virsh("create", `${path}.xml`);
  }

  /** Makes an empty disk of 1 MiB and returns its path, for `virsh attach-disk`. */
  async createDisk(name: string): Promise<string> {
    const path = `${this.#root}/${name}`;
    await Deno.writeFile(path, new Uint8Array());
    await Deno.truncate(path, DISK_BYTES);
    return path;
  }

  /** Plugs a device into a running guest. */
  async attachDevice(name: string, xml: string): Promise<void> {
    const path = `${this.#root}/device.xml`;
    await Deno.writeTextFile(path, xml);
    await this.virsh("attach-device", name, path, "--live");
  }

  /** Unplugs what {@link attachDevice} plugged in by the same XML; on USB no guest has to agree. */
  async detachDevice(name: string, xml: string): Promise<void> {
    const path = `${this.#root}/device.xml`;
    await Deno.writeTextFile(path, xml);
    await this.virsh("detach-device", name, path, "--live");
  }

  /** Replaces Nova's metadata of a running guest, as Nova does when its ports change. */
  async setMetadata(options: GuestOptions): Promise<void> {
    // libvirt puts the namespace and its prefix back.
    const metadata = novaMetadata(options).replace(/ xmlns:nova="[^"]*"/, "").replaceAll(
      "nova:",
      "",
    );
    await this.virsh(
      ...["metadata", options.name, "--live", "--uri", NOVA_NAMESPACE, "--key", "nova"],
      ...["--set", metadata],
    );
  }

  /** Stops a guest's QEMU in the middle of whatever it does: it answers libvirt no more. */
  async freezeGuest(name: string): Promise<void> {
    await this.#kill("-STOP", `run/qemu/${name}.pid`);
  }

  /** Lets a guest's QEMU go on after {@link freezeGuest}. */
  async thawGuest(name: string): Promise<void> {
    await this.#kill("-CONT", `run/qemu/${name}.pid`);
  }

  /** Pulls the plug of a guest. */
  async destroyGuest(name: string): Promise<void> {
    await this.virsh("destroy", name);
  }

  /** Starts libvirtd again after {@link stopDaemon} and waits until it answers. */
  async startDaemon(): Promise<void> {
    const config = `${this.#root}/libvirtd.conf`;
    const pidFile = `${this.#root}/libvirtd.pid`;
    const command = ["chroot", this.#system || "/", this.#program, "-f", config, "-p", pidFile];
    this.#daemon = new Deno.Command("nsenter", {
      args: [...this.#namespaces(), ...command],
      stdout: "null",
      stderr: "null",
    }).spawn();
    const deadline = Date.now() + 30_000;
    for (;;) {
      try {
        await this.virsh("list");
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** Kills libvirtd; guests go on, as they do on a real node. */
  async stopDaemon(): Promise<void> {
    if (this.#daemon === undefined) return;
    await this.#kill("-KILL", "libvirtd.pid");
    this.#thawEntrance();
    await this.#daemon.status;
    this.#daemon = undefined;
  }

  /** Stops libvirtd in the middle of whatever it does: it takes connections and answers none. */
  async freezeDaemon(): Promise<void> {
    await this.#kill("-STOP", "libvirtd.pid");
    this.#isFrozen = true;
  }

  /** Lets libvirtd go on after {@link freezeDaemon}. */
  async thawDaemon(): Promise<void> {
    await this.#kill("-CONT", "libvirtd.pid");
    this.#thawEntrance();
  }

  /** Ends the guests, libvirtd and the namespaces, and removes every trace. */
  async stop(): Promise<void> {
    this.#thawEntrance();
    await this.#init.stdin.close();
    await this.#init.status;
    await this.#daemon?.status;
    await removeControlGroups(this.#name);
    await Deno.remove(this.#root, { recursive: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #kill(signal: string, pidFile: string): Promise<void> {
    const pid = (await Deno.readTextFile(`${this.#root}/${pidFile}`)).trim();
    await output("nsenter", [...this.#namespaces(), "kill", signal, pid]);
  }

  /** nsenter stops itself when what it has started is stopped. */
  #thawEntrance(): void {
    if (this.#isFrozen) this.#daemon?.kill("SIGCONT");
    this.#isFrozen = false;
  }

  #namespaces(): string[] {
    return ["--target", String(this.#initPid), "--mount", "--net", "--pid", "--"];
  }
}

/** The node's name: that of its folder. */
function nameOf(root: string): string {
  return root.slice(root.lastIndexOf("/") + 1);
}

function isKvmUsable(): boolean {
  try {
    Deno.openSync("/dev/kvm", { read: true, write: true }).close();
    return true;
  } catch {
    return false;
  }
}

async function output(program: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, { args }).output();
  if (success) return new TextDecoder().decode(stdout);
  throw new Error(`Cannot run ${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
}
