import { REPOSITORY } from "../repository.ts";
import { stageMonitoring, stagePackages, stageTarball } from "./stage.ts";

/** What is packed, and as what. */
export interface Packing {
  readonly version: string;
  /** As Debian names it: `amd64` or `arm64`. */
  readonly arch: string;
  /** Of the commit, in seconds since the epoch: the time of every file. */
  readonly time: number;
  /** Name and address of who makes the packages. */
  readonly maintainer: string;
  /** Path of the compiled program. */
  readonly program: string;
  /** Path of nfpm. */
  readonly packer: string;
  /** Where the artefacts go. */
  readonly folder: string;
}

/**
 * Writes the tarball, the deb and the rpm of one architecture. Needs GNU tar and gzip.
 *
 * @throws {Error} If a program fails; with its output.
 */
export async function pack(packing: Packing): Promise<void> {
  const work = await Deno.makeTempDir({ prefix: "oie-release-" });
  try {
    const stage = `${work}/packages`;
    await stagePackages(stage, packing);
    await Promise.all([
      packTarball(packing, work),
      packPackage("deb", packing, stage),
      packPackage("rpm", packing, stage),
    ]);
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

/** Writes the tarball of rules, dashboards and documentation. @throws {Error} If a program fails. */
export async function packMonitoring(
  { version, time, folder }: Pick<Packing, "version" | "time" | "folder">,
): Promise<void> {
  const work = await Deno.makeTempDir({ prefix: "oie-release-" });
  try {
    const name = `openstack_instance_exporter-${version}.monitoring`;
    await stageMonitoring(`${work}/${name}`);
    await makeTarball(name, { work, time, folder });
  } finally {
    await Deno.remove(work, { recursive: true });
  }
}

async function packTarball(
  { version, arch, time, program, folder }: Packing,
  work: string,
): Promise<void> {
  const name = `openstack_instance_exporter-${version}.linux-${arch}`;
  await stageTarball(`${work}/${name}`, program);
  await makeTarball(name, { work, time, folder });
}

async function makeTarball(
  name: string,
  { work, time, folder }: { readonly work: string; readonly time: number; readonly folder: string },
): Promise<void> {
  await run("tar", [
    ...["-C", work, "--format=gnu", "--sort=name", `--mtime=@${time}`],
    // Readable for all, whatever the umask of whoever checked it out.
    ...["--owner=0", "--group=0", "--numeric-owner", "--mode=u=rwX,go=rX"],
    ...["--use-compress-program=gzip -n", "-cf", `${folder}/${name}.tar.gz`, name],
  ]);
}

async function packPackage(kind: "deb" | "rpm", packing: Packing, stage: string): Promise<void> {
  const { version, arch, time, maintainer, packer, folder } = packing;
  const options = ["--config", "packaging/nfpm/nfpm.yaml", "--packager", kind];
  await run(packer, ["package", ...options, "--target", `${folder}/`], {
    VERSION: version,
    ARCH: arch,
    STAGE: stage,
    MAINTAINER: maintainer,
    SOURCE_DATE_EPOCH: String(time),
  });
}

async function run(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const command = new Deno.Command(program, {
    args: [...args],
    env,
    cwd: REPOSITORY,
    stdin: "null",
  });
  const { success, stdout, stderr } = await command.output();
  if (success) return;
  const decoder = new TextDecoder();
  throw new Error(`Cannot run ${program}: ${decoder.decode(stdout)}${decoder.decode(stderr)}`);
}
