import { INIT_SCRIPT, QEMU_CONF, removeControlGroups } from "./node_namespaces.ts";
import { type GuestOptions, guestXml, NOVA_NAMESPACE, novaMetadata } from "./guest_xml.ts";

/** What a vCPU runs: `cli; hlt; jmp` sleeps for good, `jmp $` keeps its vCPU busy. */
const HALT = [0xfa, 0xf4, 0xeb, 0xfd];
const SPIN = [0xeb, 0xfe];
/** Fills the segments 0x1000 to 0x8fff with a number, then with the next one, for good. */
// deno-fmt-ignore
const WRITE = [
  0xfc,                   // cld
  0x42,                   // next: inc dx
  0xbb, 0x00, 0x10,       // mov bx, 0x1000
  0x8e, 0xc3,             // segment: mov es, bx
  0x31, 0xff,             // xor di, di
  0xb9, 0x00, 0x80,       // mov cx, 0x8000
  0x89, 0xd0,             // mov ax, dx
  0xf3, 0xab,             // rep stosw
  0x81, 0xc3, 0x00, 0x10, // add bx, 0x1000
  0x81, 0xfb, 0x00, 0x90, // cmp bx, 0x9000
  0x72, 0xeb,             // jb segment
  0xeb, 0xe4,             // jmp next
];
const DISK_BYTES = 1024 * 1024;
const SWAP_BYTES = 128 * 1024 * 1024;

/** The smallest firmware QEMU takes, and where a vCPU's first instruction is in it. */
const FIRMWARE_BYTES = 64 * 1024;
const RESET_VECTOR = FIRMWARE_BYTES - 16;
/** Where the code is that the first instruction jumps to (`jmp rel16`, 3 bytes). */
const FIRMWARE_CODE = FIRMWARE_BYTES - 256;
const FIRMWARE_JUMP = [0xe9, FIRMWARE_CODE - RESET_VECTOR - 3 & 0xff, 0xff];

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
  #daemon: Deno.ChildProcess | undefined;
  #isFrozen = false;
  #taps = 0;

  private constructor(root: string, name: string, init: Deno.ChildProcess, initPid: number) {
    this.#root = root;
    this.#name = name;
    this.#init = init;
    this.#initPid = initPid;
  }

  /** Starts a node without guests and waits until its libvirtd answers. */
  static async start(): Promise<LibvirtNode> {
    const root = await Deno.makeTempDir({ prefix: "oie" });
    // Programs of any user may ask: only the read-only socket is open to all.
    await Deno.chmod(root, 0o755);
    const name = root.slice(root.lastIndexOf("/") + 1);
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
        name,
      ],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    const reader = init.stdout.getReader();
    const { done } = await reader.read();
    if (done) throw new Error("Cannot start a node: its namespaces could not be prepared");
    void reader.cancel();
    const children = await Deno.readTextFile(`/proc/${init.pid}/task/${init.pid}/children`);
    const node = new LibvirtNode(root, name, init, Number(children));
    try {
      await node.startDaemon();
    } catch (error) {
      await node.stop();
      throw error;
    }
    return node;
  }

  /** URI of the read-only socket, for any process of the machine, inside or outside. */
  get uri(): string {
    return `qemu+unix:///system?socket=${this.socket}`;
  }

  /** URI with full rights, as another node needs it to migrate a guest here. */
  get fullUri(): string {
    return `qemu+unix:///system?socket=${this.#root}/run/libvirt-sock`;
  }

  /** Path of the read-only socket; libvirtd makes it anew at each start. */
  get socket(): string {
    return `${this.#root}/run/libvirt-sock-ro`;
  }

  /** A program to run in the node's network namespace; its process id is its own, so kill it by that. */
  inside(program: string, args: readonly string[] = []): [string, string[]] {
    return ["nsenter", [`--net=/proc/${this.#initPid}/ns/net`, "--", program, ...args]];
  }

  /** Runs virsh with full rights on this node and returns what it printed. */
  async virsh(...args: string[]): Promise<string> {
    return await output("virsh", ["-q", "-c", this.fullUri, ...args]);
  }

  /** Defines and starts a guest, of 16 MiB unless it runs Linux, with two file disks, `vda` and `vdb`. */
  async createGuest(options: GuestOptions): Promise<void> {
    const path = `${this.#root}/${options.name}`;
    const code = options.busy === "writing" ? WRITE : options.busy ? SPIN : HALT;
    const sector = new Uint8Array(512);
    sector.set(code);
    sector.set([0x55, 0xaa], 510);
    const firmware = new Uint8Array(FIRMWARE_BYTES);
    firmware.set(code, FIRMWARE_CODE);
    firmware.set(FIRMWARE_JUMP, RESET_VECTOR);
    if (options.bare) await Deno.writeFile(`${path}.rom`, firmware);
    await Deno.writeFile(`${path}.root`, sector);
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
    this.#daemon = new Deno.Command("nsenter", {
      args: [...this.#namespaces(), "libvirtd", "-f", config, "-p", `${this.#root}/libvirtd.pid`],
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
