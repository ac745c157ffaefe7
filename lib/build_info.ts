import config from "../deno.json" with { type: "json" };

/** What is running, as `oie_build_info` and the pages tell it. */
export interface BuildInfo {
  /** Of deno.json, such as `1.2.0`. */
  readonly version: string;
  /** Short commit, with `-dirty` when files differed from it; `source` when not compiled. */
  readonly revision: string;
  readonly deno: string;
  /** `x86_64` or `aarch64`. */
  readonly arch: string;
}

/** What `scripts/compile.ts` embeds in the binary, at this path below the repository. */
export const EMBEDDED_BUILD_INFO = "dist/.build/build_info.json";

/** This build. A compiled program reads the file in its own image; nothing else is read. */
export const BUILD: BuildInfo = {
  version: config.version,
  revision: Deno.build.standalone ? embeddedRevision() : "source",
  deno: Deno.version.deno,
  arch: Deno.build.arch,
};

function embeddedRevision(): string {
  const file = new URL(`../${EMBEDDED_BUILD_INFO}`, import.meta.url);
  const { revision }: { revision: string } = JSON.parse(Deno.readTextFileSync(file));
  return revision;
}
