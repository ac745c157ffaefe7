// deno task release [--dirty]: dist/release/ with what a version is given to operators as.
import config from "../deno.json" with { type: "json" };
import { compile, ENTRIES } from "./compile.ts";
import { TARGETS } from "./denort.ts";
import { commitTime, git } from "./git.ts";
import { packagesOf, readLockFile } from "./npm_packages.ts";
import { maintainer } from "./release/maintainer.ts";
import { nfpm } from "./release/nfpm.ts";
import { LIVE_PAGE_ENTRY } from "./live_page.ts";
import { licensesOf } from "./release/notice.ts";
import { pack, packMonitoring } from "./release/pack.ts";
import { billOfMaterials } from "./release/sbom.ts";
import { sha256 } from "./release/sha256.ts";
import { REPOSITORY } from "./repository.ts";

/** Where the artefacts of the task go. */
export const RELEASE_FOLDER = `${REPOSITORY}/dist/release`;

/** The architectures, by the names that Go, Debian and Prometheus' releases have for them. */
const ARCHITECTURES = {
  amd64: "x86_64-unknown-linux-gnu",
  arm64: "aarch64-unknown-linux-gnu",
} as const;

/** How a release is made. */
export interface ReleaseOptions {
  /** Where the artefacts go; what was there before is removed. */
  readonly folder: string;
  readonly architectures: readonly (keyof typeof ARCHITECTURES)[];
  /** Whether a tree that differs from its commit may be released, with `+dirty` at its version. */
  readonly allowDirty: boolean;
  /** Gets lines for the user. */
  readonly announce: (line: string) => void;
}

/**
 * The version of a tree about which `git status --porcelain` says `status`.
 *
 * @throws {RangeError} If it differs from its commit and may not.
 */
export function releaseVersion(version: string, status: string, allowDirty: boolean): string {
  if (status === "") return version;
  if (allowDirty) return `${version}+dirty`;
  throw new RangeError(
    `Cannot release ${version}: expected a tree as it was committed, ${
      status.split("\n").length
    } files differ; commit them, or let --dirty mark what comes of it`,
  );
}

/**
 * Writes the artefacts of this version: for each architecture a tarball, a deb and an rpm, then the rules
 * and dashboards, the bill of materials and the checksums. One commit gives the same bytes each time. Returns the version.
 *
 * @throws {RangeError} If the tree differs from its commit and may not, or there is no commit.
 * @throws {SyntaxError} If the variable `MAINTAINER` names nobody with an address.
 * @throws {Error} If a step fails.
 */
export async function release(options: ReleaseOptions): Promise<string> {
  const { folder, announce } = options;
  const time = await commitTime();
  if (time === 0) throw new RangeError("Cannot release: expected a checkout of git with a commit");
  const status = await git("status", "--porcelain");
  const version = releaseVersion(config.version, status, options.allowDirty);
  const named = maintainer(Deno.env.get("MAINTAINER"));
  const packer = await nfpm();
  await Deno.remove(folder, { recursive: true }).catch(ignoreMissing);
  await Deno.mkdir(folder, { recursive: true });
  for (const arch of options.architectures) {
    const program = `${REPOSITORY}/${await compile(ARCHITECTURES[arch], announce)}`;
    await pack({ version, arch, time, maintainer: named, program, packer, folder });
  }
  await packMonitoring({ version, time, folder });
  const bill = `${folder}/openstack_instance_exporter-${version}.cdx.json`;
  await Deno.writeTextFile(bill, await materials(version, time));
  for (const name of await writeChecksums(folder)) announce(`${folder}/${name}`);
  return version;
}

async function materials(version: string, time: number): Promise<string> {
  const lock = await readLockFile();
  const runtimes = Object.entries(ARCHITECTURES)
    .map(([arch, target]) => [arch, TARGETS[target].sha256]);
  return billOfMaterials({
    version,
    time,
    lock,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
    runtimes: Object.fromEntries(runtimes),
    packages: await packagesOf([...ENTRIES, LIVE_PAGE_ENTRY], lock),
    licenses: licensesOf(await Deno.readTextFile(`${REPOSITORY}/NOTICE`)),
  });
}

/** Writes `sha256sums.txt`, as sha256sum(1) checks it, and returns the names of all files. */
async function writeChecksums(folder: string): Promise<readonly string[]> {
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
  const sums = await Promise.all(
    names.map(async (name) => `${await sha256(`${folder}/${name}`)}  ${name}\n`),
  );
  await Deno.writeTextFile(`${folder}/sha256sums.txt`, sums.join(""));
  return [...names, "sha256sums.txt"];
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Deno.errors.NotFound)) throw error;
}

if (import.meta.main) {
  const stray = Deno.args.find((arg) => arg !== "--dirty");
  if (stray !== undefined) {
    console.error(`Cannot parse argument "${stray}": the only one is --dirty`);
    Deno.exit(2);
  }
  try {
    await release({
      folder: RELEASE_FOLDER,
      architectures: ["amd64", "arm64"],
      allowDirty: Deno.args.length > 0,
      announce: console.log,
    });
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}
