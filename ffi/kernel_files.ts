import { cString } from "./c_string.ts";

/** What reads files and folders of the C library. */
export const kernelFileSymbols = {
  // int open(const char *pathname, int flags);
  open: { parameters: ["buffer", "i32"], result: "i32" },
  // ssize_t read(int fd, void *buf, size_t count);
  read: { parameters: ["i32", "buffer", "usize"], result: "isize" },
  // int close(int fd);
  close: { parameters: ["i32"], result: "i32" },
  // DIR *opendir(const char *name);
  opendir: { parameters: ["buffer"], result: "pointer" },
  // struct dirent *readdir(DIR *dirp);
  readdir: { parameters: ["pointer"], result: "pointer" },
  // int closedir(DIR *dirp);
  closedir: { parameters: ["pointer"], result: "i32" },
} as const satisfies Deno.ForeignLibraryInterface;

const O_RDONLY_CLOEXEC = 0o2000000;
const EINTR = 4;

/** `struct dirent {u64 ino, i64 off, u16 reclen, u8 type, char name[]}` on 64-bit machines. */
const DIRENT_NAME = 19;

const READ_CHUNK = 16 * 1024;
const READ_LIMIT = 1024 * 1024;
const START_BYTES = 64 * 1024;

/**
 * Small files and folders of the kernel, as those under /proc and /sys, for which Deno's own functions
 * ask for all permissions. Lives as long as the library that the calls are of.
 */
export class KernelFiles {
  readonly #calls: Deno.DynamicLibrary<typeof kernelFileSymbols>["symbols"];
  readonly #errno: () => number;
  readonly #chunk = new Uint8Array(READ_CHUNK);

  /** @param errno The number of the newest error of this thread. */
  constructor(
    calls: Deno.DynamicLibrary<typeof kernelFileSymbols>["symbols"],
    errno: () => number,
  ) {
    this.#calls = calls;
    this.#errno = errno;
  }

  /**
   * Reads a whole file.
   *
   * @returns undefined where it cannot be opened or read, or is larger than 1 MiB.
   */
  read(path: string): string | undefined {
    const { text, isWhole } = this.#readUpTo(path, READ_LIMIT) ?? {};
    return isWhole ? text : undefined;
  }

  /**
   * Reads the first 64 KiB of a file whose length others choose, as of a process' command line.
   *
   * @returns undefined where it cannot be opened or read.
   */
  readStart(path: string): string | undefined {
    return this.#readUpTo(path, START_BYTES)?.text;
  }

  /** Names in a folder, without `.` and `..`; undefined where it cannot be opened. */
  list(path: string): string[] | undefined {
    const { opendir, readdir, closedir } = this.#calls;
    const folder = opendir(cString(path));
    if (folder === null) return undefined;
    const names: string[] = [];
    for (let entry = readdir(folder); entry !== null; entry = readdir(folder)) {
      names.push(Deno.UnsafePointerView.getCString(entry, DIRENT_NAME));
    }
    closedir(folder);
    return names.filter((name) => name !== "." && name !== "..");
  }

  /** Reads to the end, or until `atLeast` bytes were read. */
  #readUpTo(
    path: string,
    atLeast: number,
  ): { readonly text: string; readonly isWhole: boolean } | undefined {
    const { open, read, close } = this.#calls;
    const fd = open(cString(path), O_RDONLY_CLOEXEC);
    if (fd < 0) return undefined;
    try {
      const decoder = new TextDecoder();
      const chunk = this.#chunk;
      let text = "";
      for (let total = 0; total < atLeast;) {
        const count = Number(read(fd, chunk, BigInt(chunk.length)));
        if (count < 0 && this.#errno() === EINTR) continue;
        if (count < 0) return undefined;
        if (count === 0) return { text: text + decoder.decode(), isWhole: true };
        text += decoder.decode(chunk.subarray(0, count), { stream: true });
        total += count;
      }
      return { text, isWhole: false };
    } finally {
      close(fd);
    }
  }
}
