import { REPOSITORY } from "../../../scripts/repository.ts";
import { DebianRoot } from "../../debian_root.ts";
import { OtherNetwork } from "../other_network.ts";

const RECORDER = "/run/systemd/recorder";

/**
 * A compute node for Ansible: a clean Debian root with Python, kmod, apt's lists and libvirt's client library, and
 * without the one for conntrack. systemd does not run in it: systemctl is replaced by a recorder, so what the service
 * would do is shown only as what systemctl was asked for.
 */
export class Node implements AsyncDisposable {
  readonly root: DebianRoot;
  #network: OtherNetwork | undefined;

  private constructor(root: DebianRoot) {
    this.root = root;
  }

  static async make(): Promise<Node> {
    const root = await DebianRoot.make({
      packages: ["kmod", "libvirt0", "python3", "python3-apt"],
    });
    await Deno.copyFile(
      `${REPOSITORY}/tests/e2e/ansible/systemctl`,
      `${root.path}/usr/bin/systemctl`,
    );
    // Its presence is what sd_booted(3) and Ansible take for a running systemd.
    await Deno.mkdir(`${root.path}/run/systemd/system`, { recursive: true });
    await root.run("apt-get", "-q", "update");
    return new Node(root);
  }

  /** Gives the node a network of its own, with the kernel's settings of a network, and with no way out. */
  async isolate(): Promise<void> {
    this.#network = await OtherNetwork.make();
  }

  /** A command that runs another one in the node's network. */
  get network(): readonly string[] {
    return this.#network?.enter ?? [];
  }

  /** The kernel's setting in the node's network that counts bytes of flows. */
  async accounting(): Promise<string> {
    const file = "/proc/sys/net/netfilter/nf_conntrack_acct";
    const [program = "cat", ...args] = [...this.network, "cat", file];
    return new TextDecoder().decode((await new Deno.Command(program, { args }).output()).stdout);
  }

  /** What systemctl was asked to change since the last call. */
  async asked(): Promise<readonly string[]> {
    const file = `${this.root.path}${RECORDER}/asked`;
    try {
      const text = await Deno.readTextFile(file);
      await Deno.remove(file);
      return text.trimEnd().split("\n");
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
  }

  read(path: string): Promise<string> {
    return Deno.readTextFile(this.root.path + path);
  }

  /** Each file, link and folder that no package brought and no package manager keeps, with its owner, mode and sum. */
  async tree(): Promise<readonly string[]> {
    const text = await this.root.run("sh", "-c", TREE);
    return text.trimEnd().split("\n");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#network?.[Symbol.asyncDispose]();
    await this.root[Symbol.asyncDispose]();
  }
}

/**
 * `/usr/lib` and the like are the packages'; Ansible's modules are in /root/.ansible while they run;
 * groupadd keeps a copy of each file of accounts.
 */
const TREE = `{
  find /etc /home /opt /root /srv /usr/local /var/lib /var/log /var/cache -path /var/lib/dpkg -prune \\
    -o -path /var/lib/apt -prune -o -path /var/log/apt -prune -o -path /var/cache/apt -prune -o -path /var/cache/ldconfig -prune \\
    -o -path /root/.ansible -prune -o ! -path '/etc/*-' ! -path /etc/ld.so.cache ! -path '/var/*.log' -printf '%p %M %u:%g %l\\n'
  cat /etc/passwd /etc/group /etc/shadow /etc/gshadow
  find /etc/default /etc/systemd /etc/logrotate.d /etc/modprobe.d /usr/local -type f -exec md5sum {} + 2>/dev/null
} | sort`;
