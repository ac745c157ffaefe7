// deno task test [--suite=NAME] [FILTER]: installs what the tests need, then runs every suite but the
// long ones, or the one named, and in it every test or those whose name has FILTER in it (/FILTER/ is an expression).
import { FAMILIES } from "../lib/metrics/families.ts";
import { SEEN_FAMILIES } from "../tests/e2e/seen_families.ts";
import { compile } from "./compile.ts";
import { release, RELEASE_FOLDER, type ReleaseOptions } from "./release.ts";
import { REPOSITORY } from "./repository.ts";
import { reportSeen } from "./seen_families.ts";
import { addCounts, countRun, formatCounts, type TestCounts } from "./test_summary.ts";

interface Suite {
  readonly name: string;
  readonly args: readonly string[];
  readonly needsRoot: boolean;
  /** Whether it takes so long that it runs only when it is named. */
  readonly isLong?: true;
  /** What has to be made before it can run. */
  prepare?(): Promise<void>;
}

/** In the order in which they run: what is quick to fail comes first. */
const SUITES: readonly Suite[] = [
  {
    name: "unit",
    // With the permissions of the program, so that it is its own code that gets by with them.
    args: [
      "--quiet",
      "--permission-set=exporter",
      // The parser of PromQL, which only scripts use, asks for LOG. The flag takes the place of the set's
      // names: the others are what the program asks for.
      "--allow-env=LOG,LOG_STREAM,LOG_TOKENS,SSL_CERT_FILE",
      "--ignore=tests/integration,tests/e2e,tests/soak,tests/compat,tests/bench",
      "tests",
    ],
    needsRoot: false,
  },
  {
    name: "integration",
    args: ["--allow-all", "tests/integration"],
    needsRoot: true,
  },
  {
    name: "e2e",
    args: ["--allow-all", "tests/e2e"],
    needsRoot: true,
    prepare: () => releaseFor(["amd64", "arm64"]),
  },
  {
    name: "soak",
    args: ["--allow-all", "tests/soak"],
    needsRoot: true,
    isLong: true,
    async prepare() {
      await compile("x86_64-unknown-linux-gnu", console.log);
    },
  },
  {
    name: "compat",
    args: ["--allow-all", "tests/compat"],
    needsRoot: true,
    isLong: true,
    prepare: () => releaseFor(["amd64"]),
  },
];

async function releaseFor(architectures: ReleaseOptions["architectures"]): Promise<void> {
  await release({
    folder: RELEASE_FOLDER,
    architectures,
    allowDirty: true,
    announce: console.log,
  });
}

const FAILURE: TestCounts = { passed: 0, failed: 1, skipped: 0 };

/** What the arguments of the task choose. */
export interface TestChoice {
  readonly suite: string | undefined;
  readonly filter: string | undefined;
}

/**
 * Reads the arguments of the task.
 *
 * @throws {SyntaxError} If there is an unknown flag, an unknown suite or a second filter.
 */
export function parseTestArguments(args: readonly string[]): TestChoice {
  let suite: string | undefined;
  let filter: string | undefined;
  for (const arg of args) {
    const named = /^--suite=(.*)$/.exec(arg)?.[1];
    if (named !== undefined && SUITES.some(({ name }) => name === named)) {
      suite = named;
    } else if (arg.startsWith("-")) {
      const names = SUITES.map(({ name }) => `--suite=${name}`).join(", ");
      throw new SyntaxError(`Cannot parse argument "${arg}": the flags are ${names}`);
    } else if (filter !== undefined) {
      throw new SyntaxError(`Cannot parse argument "${arg}": the filter is "${filter}" already`);
    } else {
      filter = arg;
    }
  }
  return { suite, filter };
}

async function runSuite(
  suite: Suite,
  filter: string | undefined,
  env: Readonly<Record<string, string>>,
): Promise<TestCounts> {
  console.log(`\n== ${suite.name} tests`);
  if (suite.needsRoot && Deno.uid() !== 0) {
    console.error(`Cannot run the ${suite.name} tests: they make namespaces, which takes root`);
    return FAILURE;
  }
  try {
    await suite.prepare?.();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return FAILURE;
  }
  const only = filter === undefined ? [] : ["--filter", filter];
  await using child = new Deno.Command(Deno.execPath(), {
    args: ["test", "--frozen", "--no-prompt", ...suite.args, ...only],
    cwd: REPOSITORY,
    env: { ...env },
    stdin: "null",
    stdout: "piped",
  }).spawn();
  const [output, { success }] = await Promise.all([showAndKeep(child.stdout), child.status]);
  return countRun(output, success);
}

/** Text of `stream`, which the user sees as it comes. */
async function showAndKeep(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    for (let at = 0; at < chunk.length;) at += Deno.stdout.writeSync(chunk.subarray(at));
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

/** Returns whether the system packages are there. */
async function setUp(): Promise<boolean> {
  const { success } = await new Deno.Command(`${REPOSITORY}/scripts/setup`, { args: ["--test"] })
    .spawn().status;
  return success;
}

async function main({ suite, filter }: TestChoice): Promise<boolean> {
  const runs: TestCounts[] = [];
  const seen = await Deno.makeTempDir({ prefix: "oie-seen-" });
  try {
    if (!await setUp()) runs.push(FAILURE);
    for (const each of SUITES) {
      if (suite === undefined ? !each.isLong : suite === each.name) {
        runs.push(await runSuite(each, filter, { [SEEN_FAMILIES]: seen }));
      }
    }
    // Some tests alone cannot show everything.
    if (filter === undefined && (suite === undefined || suite === "e2e")) {
      runs.push(tellSeen(seen));
    }
  } finally {
    await Deno.remove(seen, { recursive: true });
  }
  const counts = addCounts(runs);
  console.log(`\n${formatCounts(counts)}`);
  // A filter that fits nothing is a typing error, not a success.
  return counts.failed === 0 && counts.passed > 0;
}

/** Says which names no page of the real program had; one that was to be seen is a failure. */
function tellSeen(folder: string): TestCounts {
  const seen = new Set([...Deno.readDirSync(folder)].map(({ name }) => name));
  const { lines, isMissing } = reportSeen(FAMILIES, seen);
  console.log(`\n${lines.join("\n")}`);
  return { passed: 0, failed: isMissing ? 1 : 0, skipped: 0 };
}

if (import.meta.main) {
  try {
    Deno.exit(await main(parseTestArguments(Deno.args)) ? 0 : 1);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    console.error(error.message);
    Deno.exit(2);
  }
}
