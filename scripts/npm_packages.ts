import { REPOSITORY } from "./repository.ts";

/** A package of `deno.lock`. */
export interface LockedPackage {
  /** Subresource integrity of its archive: `sha512-` and base64. */
  readonly integrity: string;
  /** `name`, or `name@version` where the file has several versions of it. */
  readonly dependencies?: readonly string[];
}

/** What is read of `deno.lock`, version 5. */
export interface LockFile {
  readonly version: string;
  readonly specifiers: Readonly<Record<string, string>>;
  /** By `name@version`. */
  readonly npm: Readonly<Record<string, LockedPackage>>;
  readonly workspace: Readonly<Record<string, unknown>>;
}

/**
 * `packages` and all that they depend on, as `name@version`, sorted.
 *
 * @throws {SyntaxError} If the lock file lacks one of them.
 */
export function closureOf(packages: Iterable<string>, lock: LockFile): readonly string[] {
  const found = new Set<string>();
  const open = [...packages];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const key = Object.hasOwn(lock.npm, id)
      ? id
      : Object.keys(lock.npm).find((key) => key.startsWith(`${id}@`));
    if (key === undefined) {
      throw new SyntaxError(`Cannot read deno.lock: expected the package ${id} in it`);
    }
    if (found.has(key)) continue;
    found.add(key);
    open.push(...lock.npm[key]?.dependencies ?? []);
  }
  return [...found].sort();
}

/** `lock` with those packages and no other. */
export function onlyPackages(lock: LockFile, packages: readonly string[]): LockFile {
  const isKept = (specifier: string) => packages.includes(specifier.replace(/^npm:/, ""));
  return {
    version: lock.version,
    specifiers: Object.fromEntries(
      Object.entries(lock.specifiers).filter(([specifier]) => isKept(specifier)),
    ),
    npm: Object.fromEntries(Object.entries(lock.npm).filter(([id]) => packages.includes(id))),
    workspace: { dependencies: Object.keys(lock.specifiers).filter(isKept) },
  };
}

/** The import map without what is none of those packages, such as `npm:saxes@6.0.0`. */
export function onlyImports(
  imports: Readonly<Record<string, string>>,
  packages: readonly string[],
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(imports).filter(([, to]) => packages.includes(to.replace(/^npm:/, ""))),
  );
}

/** The lock file of this repository. */
export async function readLockFile(): Promise<LockFile> {
  return JSON.parse(await Deno.readTextFile(`${REPOSITORY}/deno.lock`));
}

/**
 * The packages that the programs beginning with `entries` import, with all that they depend on, as
 * `name@version`, sorted.
 *
 * @throws {Error} If Deno cannot follow the imports.
 */
export async function packagesOf(
  entries: readonly string[],
  lock: LockFile,
): Promise<readonly string[]> {
  const imported = await Promise.all(entries.map(importedBy));
  return closureOf(imported.flat(), lock);
}

async function importedBy(entry: string): Promise<readonly string[]> {
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", "--frozen", entry],
    cwd: REPOSITORY,
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`Cannot follow the imports of ${entry}: deno info failed`);
  const { modules }: { modules: { npmPackage?: string }[] } = JSON.parse(
    new TextDecoder().decode(stdout),
  );
  return modules.flatMap(({ npmPackage }) => npmPackage === undefined ? [] : [npmPackage]);
}
