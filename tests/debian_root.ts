import { debianBase } from "./debian_base.ts";

/** What a `DebianRoot` starts from. */
export interface DebianRootOptions {
  /** Codename of the release; `bookworm` unless given. */
  readonly suite?: "bullseye" | "bookworm" | "trixie";
  /** Packages beyond Debian's minimum that are there from the start, such as `python3`. */
  readonly packages?: readonly string[];
}

/** How a command in a root ended. */
export interface RootOutput {
  readonly code: number;
  /** What it wrote to standard output and standard error. */
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * What a command finds mounted, in a mount namespace of its own: nothing is left to unmount when it
 * ends, whatever ends it. `$1` is the root.
 */
const MOUNT = `set -e
mount -t proc proc "$1/proc"
mount -t sysfs -o ro sysfs "$1/sys"
mount --rbind /dev "$1/dev"
shift
exec "$@"`;

/** What a login of root has; the host's own variables stay out, but for those of its proxy. */
const ENVIRONMENT = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  LC_ALL: "C.UTF-8",
  DEBIAN_FRONTEND: "noninteractive",
} as const;

/**
 * A Debian of the test's own in a temporary folder: the packages that every Debian has, apt that
 * reaches the mirror of this machine, no service, no systemd. It shares the network with this machine.
 * Needs root and mmdebstrap; the first one of a week takes about 20 s, each later one about 2 s.
 * Dispose of it to remove the folder.
 */
export class DebianRoot implements AsyncDisposable {
  /** The folder, which is `/` inside. */
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /** @throws {Error} If it cannot be made; with the messages of the program that failed. */
  static async make(options: DebianRootOptions = {}): Promise<DebianRoot> {
    const base = await debianBase(options.suite ?? "bookworm", options.packages ?? []);
    const root = new DebianRoot(await Deno.makeTempDir({ prefix: "oie-debian-" }));
    try {
      // A temporary folder is its owner's alone: users inside could not even read "/".
      await Deno.chmod(root.path, 0o755);
      await hostCommand("tar", ["--numeric-owner", "-xf", base, "-C", root.path]);
      await Deno.copyFile("/etc/resolv.conf", `${root.path}/etc/resolv.conf`);
      return root;
    } catch (error) {
      await root[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Runs `command` inside and returns its standard output; processes that it leaves behind die with it.
   *
   * @throws {Error} If it ended with a code other than 0; with all that it wrote.
   */
  async run(...command: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.output(...command);
    if (code === 0) return stdout;
    throw new Error(`Cannot run "${command.join(" ")}": code ${code}\n${stdout}${stderr}`);
  }

  /** As `run`, but any code is an answer. */
  async output(...command: readonly string[]): Promise<RootOutput> {
    // Its first process' end is the end of all others in its process namespace.
    const args = ["--pid", "--fork", "--kill-child", ...this.inside(...command)[1]];
    const { code, stdout, stderr } = await new Deno.Command("unshare", { args, stdin: "null" })
      .output();
    const decoder = new TextDecoder();
    return { code, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  }

  /**
   * A program with arguments that runs `command` inside, for whoever starts and ends it himself: its
   * process id is the command's own.
   */
  inside(...command: readonly string[]): [string, string[]] {
    const variables = Object.entries({ ...ENVIRONMENT, ...proxies() })
      .map(([name, value]) => `${name}=${value}`);
    return this.beside("chroot", this.path, "env", "-i", ...variables, ...command);
  }

  /** As `inside`, of a command of this machine for which `/proc`, `/sys` and `/dev` are mounted in the folder. */
  beside(...command: readonly string[]): [string, string[]] {
    const own = ["--mount", "--propagation", "private"];
    return ["unshare", [...own, "sh", "-c", MOUNT, "sh", this.path, ...command]];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Should a mount ever be there, what is behind it stays.
    await hostCommand("rm", ["-rf", "--one-file-system", this.path]);
  }
}

/** The proxies that this machine's programs are told to use, by the names that they have. */
function proxies(): Record<string, string> {
  const names = ["http_proxy", "https_proxy", "no_proxy"];
  const all = Object.entries(Deno.env.toObject());
  return Object.fromEntries(all.filter(([name]) => names.includes(name.toLowerCase())));
}

async function hostCommand(program: string, args: readonly string[]): Promise<void> {
  const command = new Deno.Command(program, { args: [...args], stdin: "null", stdout: "null" });
  const { success, stderr } = await command.output();
  if (!success) throw new Error(`Cannot run ${program}: ${new TextDecoder().decode(stderr)}`);
}
