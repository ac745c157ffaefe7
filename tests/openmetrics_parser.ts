import { installWheel } from "../scripts/pip.ts";

/** The reference parser of the OpenMetrics specification's authors. */
const WHEEL = { package: "prometheus-client", version: "0.26.0", platform: "any" };

/** Prints what it read as JSON, and ends with a traceback on what the specification forbids. */
const PROGRAM = `import json, sys
from prometheus_client.openmetrics.parser import text_string_to_metric_families
families = text_string_to_metric_families(sys.stdin.buffer.read().decode("utf-8"))
json.dump([{
  "name": family.name, "type": family.type, "unit": family.unit,
  "samples": [[sample.name, sample.labels, sample.value] for sample in family.samples],
} for family in families], sys.stdout)
`;

/** A family as the parser read it. */
export interface ParsedFamily {
  /** Without the suffix of its samples. */
  readonly name: string;
  readonly type: string;
  /** Empty without one. */
  readonly unit: string;
  readonly samples: readonly (readonly [
    name: string,
    labels: Readonly<Record<string, string>>,
    value: number,
  ])[];
}

/**
 * Reads a page of OpenMetrics 1.0 with Prometheus' own strict parser for Python, which is kept in
 * the user's cache folder. Needs python3 and pip.
 *
 * @throws {SyntaxError} If the page breaks a rule; with the parser's words.
 */
export async function parseOpenMetrics(page: string): Promise<readonly ParsedFamily[]> {
  const child = new Deno.Command("python3", {
    args: ["-c", PROGRAM],
    env: { PYTHONPATH: await parserFolder() },
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [{ success, stdout, stderr }] = await Promise.all([
    child.output(),
    new Blob([page]).stream().pipeTo(child.stdin),
  ]);
  const decoder = new TextDecoder();
  if (!success) {
    const reason = decoder.decode(stderr).trim().split("\n").at(-1);
    throw new SyntaxError(`Cannot parse OpenMetrics: ${reason}`);
  }
  return JSON.parse(decoder.decode(stdout));
}

async function parserFolder(): Promise<string> {
  const home = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME") ?? "/root"}/.cache`;
  const folder = `${home}/openstack_instance_exporter`;
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const path = `${folder}/${WHEEL.package}-${WHEEL.version}`;
  using lock = await Deno.open(`${path}.lock`, { create: true, write: true });
  await lock.lock(true);
  if (!await isThere(path)) {
    const partial = await Deno.makeTempDir({ dir: folder });
    await installWheel(WHEEL, partial);
    await Deno.rename(partial, path);
  }
  return path;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
