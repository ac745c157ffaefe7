const PAGE = 4096;

/** A file system of some pages in memory, as a folder that is the user's `nobody`. Needs root. */
export class SmallDisk implements AsyncDisposable {
  /** A folder in it. */
  readonly folder: string;
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
    this.folder = `${root}/logs`;
  }

  static async mount(pages: number): Promise<SmallDisk> {
    const root = await Deno.makeTempDir({ prefix: "oie-small-disk-" });
    await run("mount", "-t", "tmpfs", "-o", `mode=755,size=${pages * PAGE}`, "tmpfs", root);
    const disk = new SmallDisk(root);
    await disk.makeFolder();
    return disk;
  }

  /** Makes the folder, again if it was removed. */
  async makeFolder(): Promise<void> {
    await run("install", "-d", "-o", "nobody", "-g", "nogroup", this.folder);
  }

  /** Leaves no page free, and next to nothing in the last pages of these files in the folder. */
  async fill(...files: readonly string[]): Promise<void> {
    for (const file of files) {
      const path = `${this.folder}/${file}`;
      const room = PAGE - (await Deno.stat(path)).size % PAGE;
      await Deno.writeTextFile(path, "#".repeat(room - 1) + "\n", { append: true, create: false });
    }
    // Its error is what is wanted.
    await run("sh", "-c", `cat /dev/zero > ${this.#root}/filler 2>/dev/null || true`);
  }

  /** Frees what {@link fill} took. */
  async free(): Promise<void> {
    await Deno.remove(`${this.#root}/filler`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await run("umount", "--lazy", this.#root);
    await Deno.remove(this.#root);
  }
}

async function run(program: string, ...args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  if (!success) {
    throw new Error(`Cannot run ${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr)}`);
  }
}
