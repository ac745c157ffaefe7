// Bundles lib/live_page for browsers into one committed file; with --check tells whether that file is
// what the source says. deno task docs and docs:check run it.
import { pinnedDenoVersion, REPOSITORY } from "./repository.ts";

/** Where the browser's part begins. */
export const LIVE_PAGE_ENTRY = "lib/live_page/main.ts";
/** The bundle; a run from source and the compiled program both serve this file. */
const BUNDLE = `${REPOSITORY}/lib/live_page/assets/page.js`;

/**
 * The browser's part of the live page as one minified module.
 *
 * @throws {Error} If this is not the pinned Deno, whose bundler makes the committed bytes, or it fails.
 */
export async function bundle(): Promise<string> {
  const pinned = await pinnedDenoVersion();
  if (Deno.version.deno !== pinned) {
    throw new Error(
      `Cannot bundle with Deno ${Deno.version.deno}: another bundler makes other bytes, ` +
        `run scripts/deno, which is ${pinned}`,
    );
  }
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["bundle", "--quiet", "--platform", "browser", "--minify", LIVE_PAGE_ENTRY],
    cwd: REPOSITORY,
  }).output();
  const decoder = new TextDecoder();
  if (!success) {
    throw new Error(`Cannot bundle ${LIVE_PAGE_ENTRY}: ${decoder.decode(stderr).trim()}`);
  }
  return decoder.decode(stdout);
}

async function main(args: readonly string[]): Promise<number> {
  const wanted = await bundle();
  if (!args.includes("--check")) {
    await Deno.writeTextFile(BUNDLE, wanted);
    return 0;
  }
  if (await Deno.readTextFile(BUNDLE) === wanted) return 0;
  console.error('The bundle of the live page is out of date: run "deno task docs" and commit it');
  return 1;
}

if (import.meta.main) {
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}
