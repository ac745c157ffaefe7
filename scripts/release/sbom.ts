import type { LockFile } from "../npm_packages.ts";

/** What a bill of materials tells of. */
export interface Materials {
  readonly version: string;
  /** Of the commit, in seconds since the epoch. */
  readonly time: number;
  readonly deno: string;
  readonly v8: string;
  /** SHA-256 of the embedded runtime, one for each architecture. */
  readonly runtimes: Readonly<Record<string, string>>;
  /** The embedded packages as `name@version`, sorted. */
  readonly packages: readonly string[];
  readonly lock: LockFile;
  /** SPDX licenses by name. */
  readonly licenses: ReadonlyMap<string, string>;
}

interface Hash {
  readonly alg: "SHA-256" | "SHA-512";
  readonly content: string;
}

interface Component {
  readonly "bom-ref": string;
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly hashes?: readonly Hash[];
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly components?: readonly unknown[];
}

/**
 * The bill of materials as CycloneDX 1.5 (https://cyclonedx.org/docs/1.5/json/), for the programs of all
 * architectures. It depends on nothing but its input: it has no serial number.
 *
 * @throws {SyntaxError} If a component has no license, or a package no SHA-512.
 */
export function billOfMaterials(materials: Materials): string {
  const { version, time, packages } = materials;
  const application = {
    type: "application",
    "bom-ref": "openstack_instance_exporter",
    name: "openstack_instance_exporter",
    version,
    licenses: [{ license: { id: "Apache-2.0" } }],
  };
  const runtime = runtimeOf(materials);
  const libraries = packages.map((id) => libraryOf(id, materials));
  const dependsOn = [runtime["bom-ref"], ...libraries.map((library) => library["bom-ref"])];
  const bom = {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { timestamp: new Date(time * 1000).toISOString(), component: application },
    components: [runtime, ...libraries],
    dependencies: [{ ref: application["bom-ref"], dependsOn }],
  };
  return JSON.stringify(bom, null, 2) + "\n";
}

function runtimeOf({ deno, v8, runtimes, licenses }: Materials): Component {
  // Deno adds the name of its patches to V8's version.
  const v8Version = v8.replace(/-.*/, "");
  const v8Purl = `pkg:generic/v8@${v8Version}`;
  const engine = {
    type: "library",
    "bom-ref": v8Purl,
    name: "v8",
    version: v8Version,
    purl: v8Purl,
  };
  const purl = `pkg:github/denoland/deno@v${deno}`;
  const component: Component = {
    "bom-ref": purl,
    name: "deno",
    version: deno,
    purl,
    properties: Object.entries(runtimes).map(([arch, content]) => ({
      name: `denort:sha256:${arch}`,
      value: content,
    })),
    components: [{ ...engine, licenses: licensesFor("v8", licenses) }],
  };
  return withLicense("framework", component, licenses);
}

function libraryOf(id: string, { lock, licenses }: Materials): Component {
  const at = id.lastIndexOf("@");
  const [name, version] = [id.slice(0, at), id.slice(at + 1)];
  const [, base64] = /^sha512-(.+)$/.exec(lock.npm[id]?.integrity ?? "") ?? [];
  if (base64 === undefined) {
    throw new SyntaxError(`Cannot list ${id}: expected sha512 in deno.lock`);
  }
  // The purl of a scope begins with an encoded "@" (github.com/package-url, type npm).
  const purl = `pkg:npm/${name.replace(/^@/, "%40")}@${version}`;
  const hashes: Hash[] = [{ alg: "SHA-512", content: Uint8Array.fromBase64(base64).toHex() }];
  return withLicense("library", { "bom-ref": purl, name, version, purl, hashes }, licenses);
}

function withLicense(
  type: "framework" | "library",
  component: Component,
  licenses: ReadonlyMap<string, string>,
): Component {
  return { type, ...component, licenses: licensesFor(component.name, licenses) } as Component;
}

function licensesFor(name: string, licenses: ReadonlyMap<string, string>) {
  const id = licenses.get(name);
  if (id === undefined) {
    throw new SyntaxError(
      `Cannot list ${name}: expected a heading "## ${name} (LICENSE)" in NOTICE`,
    );
  }
  return [{ license: { id } }];
}
