// deno task compile [--target TARGET]: one executable in dist/, of the runtime and this program.
import { EMBEDDED_BUILD_INFO } from "../lib/build_info.ts";
import { denortFor, type DenortTarget, isDenortTarget, TARGETS } from "./denort.ts";
import { elfImageEnd } from "./elf.ts";
import { pinFileTimes } from "./file_times.ts";
import { commitTime, git } from "./git.ts";
import { onlyImports, onlyPackages, packagesOf, readLockFile } from "./npm_packages.ts";
import { pinnedDenoVersion, REPOSITORY, runtimeOptions } from "./repository.ts";

/** The modules that workers start with, which no import leads to. */
const WORKERS = [
  "lib/collector_worker.ts",
  "lib/ovs_worker.ts",
  "lib/threat_worker.ts",
  "lib/web/bcrypt_worker.ts",
];

/** What the live page is made of, which the program reads in its own image. */
const PAGE_FILES = ["index.html", "page.css", "page.js", "icon.svg"].map((name) =>
  `lib/live_page/assets/${name}`
);

/** Where the parts of the program begin. */
export const ENTRIES: readonly string[] = ["main.ts", ...WORKERS];

/**
 * Path of the executable for `target`, from the root of the repository: the one for x86_64 has the
 * plain name, any other says its processor.
 */
export function executablePath(target: DenortTarget): string {
  const suffix = target.startsWith("x86_64-") ? "" : `-${target.split("-", 1)[0]}`;
  return `dist/openstack_instance_exporter${suffix}`;
}

/**
 * The target that the arguments of the task name, `native` where they name none.
 *
 * @throws {SyntaxError} If they are anything but one `--target` with a known value.
 */
export function parseTarget(args: readonly string[], native: string): DenortTarget {
  const [first, second, ...rest] = args;
  const inline = /^--target=(.*)$/.exec(first ?? "")?.[1];
  let target: string | undefined = native;
  let stray: readonly (string | undefined)[] = args;
  if (inline !== undefined) {
    target = inline;
    stray = args.slice(1);
  } else if (first === "--target") {
    target = second ?? "";
    stray = rest;
  }
  if (stray.length > 0) {
    throw new SyntaxError(`Cannot parse argument "${stray[0]}": the only one is --target`);
  }
  if (!isDenortTarget(target)) {
    throw new SyntaxError(
      `Cannot compile for "${target}": the targets are ${Object.keys(TARGETS).join(", ")}`,
    );
  }
  return target;
}

/** Text of the file that `lib/build_info.ts` reads in the compiled program. */
export function buildInfoText(commit: string, status: string): string {
  const revision = commit === "" ? "unknown" : `${commit}${status === "" ? "" : "-dirty"}`;
  return JSON.stringify({ revision }) + "\n";
}

/**
 * Compiles the exporter for `target`; `announce` gets lines for the user.
 *
 * @throws {Error} If this is not the pinned Deno, denort cannot be had, or Deno cannot compile.
 */
export async function compile(
  target: DenortTarget,
  announce: (line: string) => void,
): Promise<string> {
  const pinned = await pinnedDenoVersion();
  if (Deno.version.deno !== pinned) {
    throw new Error(
      `Cannot compile with Deno ${Deno.version.deno}: the runtime to embed is ${pinned}, ` +
        "run scripts/deno task compile",
    );
  }
  const denort = await denortFor(target);
  const commit = await git("rev-parse", "--short=12", "HEAD");
  await Deno.mkdir(`${REPOSITORY}/dist/.build`, { recursive: true });
  await Deno.writeTextFile(
    `${REPOSITORY}/${EMBEDDED_BUILD_INFO}`,
    buildInfoText(commit, await git("status", "--porcelain")),
  );
  const output = executablePath(target);
  const { config, lock } = await writeBuildConfig();
  const options = [...await runtimeOptions(), "--frozen", "--no-remote"];
  options.push("--config", config, "--lock", lock);
  // V8's code cache would be a file of a known name in /tmp: anybody could have written it before.
  options.push("--no-code-cache");
  const included = [...WORKERS, ...PAGE_FILES, EMBEDDED_BUILD_INFO];
  const { success } = await new Deno.Command(Deno.execPath(), {
    args: [
      "compile",
      ...options,
      ...["--target", target, "--output", output],
      ...included.flatMap((path) => ["--include", path]),
      "main.ts",
    ],
    cwd: REPOSITORY,
    env: { DENORT_BIN: denort },
  }).spawn().status;
  if (!success) throw new Error(`Cannot compile for ${target}: deno compile failed, see above`);
  const program = await Deno.readFile(`${REPOSITORY}/${output}`);
  const committed = await commitTime() * 1000;
  // Without a commit there is nothing to reproduce.
  if (committed > 0) {
    pinFileTimes(program.subarray(elfImageEnd(program)), committed);
    await Deno.writeFile(`${REPOSITORY}/${output}`, program);
  }
  announce(`${output}: ${(program.length / 2 ** 20).toFixed(1)} MiB`);
  return output;
}

/**
 * Writes the configuration and the lock file to compile with: `deno compile` embeds every package of
 * its lock file, and some of this repository's are for its tests only.
 */
async function writeBuildConfig(): Promise<{ readonly config: string; readonly lock: string }> {
  const lock = await readLockFile();
  const packages = await packagesOf(ENTRIES, lock);
  const config = JSON.parse(await Deno.readTextFile(`${REPOSITORY}/deno.json`));
  const paths = { config: "dist/.build/deno.json", lock: "dist/.build/deno.lock" };
  const imports = onlyImports(config.imports, packages);
  const write = (path: string, value: unknown) =>
    Deno.writeTextFile(`${REPOSITORY}/${path}`, JSON.stringify(value));
  await write(paths.config, { ...config, imports });
  await write(paths.lock, onlyPackages(lock, packages));
  return paths;
}

if (import.meta.main) {
  try {
    await compile(parseTarget(Deno.args, Deno.build.target), console.log);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    Deno.exit(error instanceof SyntaxError ? 2 : 1);
  }
}
