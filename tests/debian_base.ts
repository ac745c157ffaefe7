import { isFresh } from "./cached_file.ts";

const DEFAULT_MIRROR = "http://deb.debian.org/debian";
const CA_BUNDLE = "/etc/ssl/certs/ca-certificates.crt";

/** Settings of apt that say how this machine reaches a mirror (apt.conf(5)); its sources are no matter. */
const REACHING = /^Acquire::((http|https)::|Retries|ForceIPv[46]|Check-(Date|Valid-Until)) /;

/**
 * Path of a tar file with a minimal Debian and `packages`, made where it is missing or older than a
 * week, kept in the user's cache folder, and shared by all tests that run at a time.
 *
 * @throws {Error} If mmdebstrap is missing or cannot make it; with its messages.
 */
export async function debianBase(suite: string, packages: readonly string[]): Promise<string> {
  const home = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME") ?? "/root"}/.cache`;
  const folder = `${home}/openstack_instance_exporter`;
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const wanted = [...new Set(packages)].sort();
  const path = `${folder}/${["debian", suite, ...wanted].join("-")}.tar`;
  using lock = await Deno.open(`${path}.lock`, { create: true, write: true });
  await lock.lock(true);
  if (!await isFresh(path)) {
    const partial = `${path}.partial`;
    await bootstrap(suite, wanted, partial);
    // Whoever reads the old one goes on doing so.
    await Deno.rename(partial, path);
  }
  return path;
}

async function bootstrap(suite: string, packages: readonly string[], path: string): Promise<void> {
  const mirror = await hostMirror();
  const options = (await textOf("apt-config", ["dump"])).split("\n")
    .filter((line) => REACHING.test(line) && !line.endsWith(' "";'));
  // A mirror behind this machine's own authority: Debian's minimum knows no authority at all.
  const certificates = mirror.startsWith("https:")
    ? [`--setup-hook=mkdir -p "$1"/etc/ssl/certs && cp ${CA_BUNDLE} "$1"/etc/ssl/certs/`]
    : [];
  await textOf("mmdebstrap", [
    ...["--quiet", "--mode=root", "--variant=minbase", "--format=tar"],
    ...options.map((line) => `--aptopt=${line}`),
    ...certificates,
    ...packages.map((name) => `--include=${name}`),
    // Other systems have it in another place.
    "--keyring=/usr/share/keyrings/debian-archive-keyring.gpg",
    ...[suite, path, mirror],
  ]);
}

/** The mirror of Debian that this machine's own apt uses, or the one that is near to everybody. */
async function hostMirror(): Promise<string> {
  const args = ["indextargets", "--format", "$(REPO_URI) $(LABEL)", "Identifier: Packages"];
  const sources = (await textOf("apt-get", args)).split("\n").map((line) => line.split(" "));
  // The label is of a file that `apt-get update` fetched, so it may be missing.
  const [mirror] =
    sources.find(([uri, label]) => label === "Debian" || uri?.endsWith("/debian/")) ??
      [];
  return mirror ?? DEFAULT_MIRROR;
}

/** @throws {Error} If the program is missing or failed. */
async function textOf(program: string, args: readonly string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  if (success) return decoder.decode(stdout);
  throw new Error(`Cannot make a Debian root: ${program} failed\n${decoder.decode(stderr)}`);
}
