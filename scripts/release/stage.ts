import { cp } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { REPOSITORY } from "../repository.ts";

/** Where the unit and the tarball have the program, and where packages put it. */
const LOCAL_PATH = "/usr/local/bin/openstack_instance_exporter";
const PACKAGED_PATH = "/usr/bin/openstack_instance_exporter";

/** Files of the repository that a tarball has beside the program; what is a folder keeps its name. */
export const TARBALL_FILES: Readonly<Record<string, string>> = {
  "LICENSE": "LICENSE",
  "NOTICE": "NOTICE",
  "README.md": "README.md",
  "packaging/systemd/openstack_instance_exporter.service": "openstack_instance_exporter.service",
  "packaging/default/openstack_instance_exporter": "default/openstack_instance_exporter",
  "packaging/logrotate/openstack_instance_exporter": "logrotate/openstack_instance_exporter",
  "packaging/man/openstack_instance_exporter.1": "openstack_instance_exporter.1",
  "packaging/completions/openstack_instance_exporter.bash":
    "completions/openstack_instance_exporter.bash",
  "packaging/completions/openstack_instance_exporter.fish":
    "completions/openstack_instance_exporter.fish",
  "packaging/completions/_openstack_instance_exporter": "completions/_openstack_instance_exporter",
};

/**
 * The unit of a package, which differs by the place of the program.
 *
 * @throws {SyntaxError} If the unit has not exactly one line that starts the program.
 */
export function packagedUnit(unit: string): string {
  const parts = unit.split(`ExecStart=${LOCAL_PATH} `);
  if (parts.length !== 2) {
    throw new SyntaxError(`Cannot package the unit: expected one line ExecStart=${LOCAL_PATH}`);
  }
  return parts.join(`ExecStart=${PACKAGED_PATH} `);
}

/** Copies what a tarball has into the new folder `folder`; `program` is the compiled program. */
export async function stageTarball(folder: string, program: string): Promise<void> {
  for (const [from, to] of Object.entries(TARBALL_FILES)) {
    const target = `${folder}/${to}`;
    await Deno.mkdir(target.slice(0, target.lastIndexOf("/")), { recursive: true });
    await Deno.copyFile(`${REPOSITORY}/${from}`, target);
  }
  await Deno.copyFile(program, `${folder}/openstack_instance_exporter`);
}

/** What the hosts of Prometheus and Grafana need, and the pages that tell how; links among them hold. */
const MONITORING_FOLDERS = ["packaging/prometheus", "packaging/grafana", "packaging/docs"];

/** Copies rules, dashboards and documentation into the new folder `folder`, as the repository has them. */
export async function stageMonitoring(folder: string): Promise<void> {
  for (const path of MONITORING_FOLDERS) {
    await cp(`${REPOSITORY}/${path}`, `${folder}/${path}`, { recursive: true });
  }
}

/**
 * The changelog that Debian wants in a package (deb-changelog(5)); what changed is told elsewhere.
 *
 * @param time Seconds since the epoch.
 */
export function debianChangelog(version: string, time: number, maintainer: string): string {
  const date = new Date(time * 1000).toUTCString().replace("GMT", "+0000");
  return `openstack-instance-exporter (${version}) stable; urgency=medium\n\n` +
    `  * Release ${version}: CHANGELOG.md of the source tells what changed.\n\n` +
    ` -- ${maintainer}  ${date}\n`;
}

/** What a stage is made of. */
export interface Stage {
  /** Path of the compiled program. */
  readonly program: string;
  readonly version: string;
  /** Seconds since the epoch. */
  readonly time: number;
  readonly maintainer: string;
}

/** Makes what packaging/nfpm/nfpm.yaml takes from its stage in the new folder `folder`. */
export async function stagePackages(
  folder: string,
  { program, version, time, maintainer }: Stage,
): Promise<void> {
  await Deno.mkdir(folder, { recursive: true });
  const read = (path: string) => Deno.readTextFile(`${REPOSITORY}/${path}`);
  const name = "openstack_instance_exporter";
  const unit = packagedUnit(await read(`packaging/systemd/${name}.service`));
  await Deno.writeTextFile(`${folder}/${name}.service`, unit);
  await Deno.writeFile(`${folder}/${name}.1.gz`, compressed(await read(`packaging/man/${name}.1`)));
  const changelog = debianChangelog(version, time, maintainer);
  await Deno.writeFile(`${folder}/changelog.gz`, compressed(changelog));
  await Deno.copyFile(program, `${folder}/${name}`);
}

/** As `gzip -9n`: node's writes neither a name nor a time. */
function compressed(text: string): Uint8Array {
  return gzipSync(new TextEncoder().encode(text), { level: 9 });
}
