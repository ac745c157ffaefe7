import assert from "node:assert/strict";
import { compile, ENTRIES, executablePath } from "../../scripts/compile.ts";
import { denortFor } from "../../scripts/denort.ts";
import { elfImageEnd } from "../../scripts/elf.ts";
import { packagesOf, readLockFile } from "../../scripts/npm_packages.ts";
import { REPOSITORY } from "../../scripts/repository.ts";

const X86_64 = "x86_64-unknown-linux-gnu";

/** Runs `body` with `DENORT_BIN` set to `path`, and puts back what it was. */
async function withDenortBin(path: string, body: () => Promise<void>): Promise<void> {
  const before = Deno.env.get("DENORT_BIN");
  Deno.env.set("DENORT_BIN", path);
  try {
    await body();
  } finally {
    if (before === undefined) Deno.env.delete("DENORT_BIN");
    else Deno.env.set("DENORT_BIN", before);
  }
}

async function sha256(path: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(path));
  return new Uint8Array(digest).toHex();
}

Deno.test("denortFor takes the file that DENORT_BIN names before any other", async () => {
  const cached = await denortFor(X86_64);
  const folder = await Deno.makeTempDir({ prefix: "oie-denort-" });
  try {
    const named = `${folder}/denort`;
    await Deno.copyFile(cached, named);
    await withDenortBin(named, async () => assert.equal(await denortFor(X86_64), named));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("denortFor refuses a file that is not the denort of the target", async () => {
  const other = await denortFor("aarch64-unknown-linux-gnu");
  await withDenortBin(other, async () => {
    await assert.rejects(denortFor(X86_64), {
      message: new RegExp(`^Cannot use DENORT_BIN=${other}: its SHA-256 is d2eded4f7a3c`),
    });
  });
});

Deno.test("compile gives the same bytes twice and tells where they are", async () => {
  const told: string[] = [];
  const first = await compile(X86_64, (line) => told.push(line));
  const bytes = await sha256(`${REPOSITORY}/${first}`);
  const second = await compile(X86_64, (line) => told.push(line));
  assert.equal(second, first);
  assert.equal(await sha256(`${REPOSITORY}/${second}`), bytes);
  assert.equal(told[0], told[1]);
  assert.match(told[0] ?? "", /^dist\/openstack_instance_exporter: \d+\.\d MiB$/);
});

Deno.test("compile embeds the program's own files and packages, none of the tests'", async () => {
  const program = await Deno.readFile(`${REPOSITORY}/${executablePath(X86_64)}`);
  // Every byte is one character, so that none breaks the text: it has the embedded tree in it as JSON.
  const embedded = new TextDecoder("latin1").decode(program.subarray(elfImageEnd(program)));
  const names = new Set(embedded.match(/(?<="n":")[^"]*(?=")/g));
  const lock = await readLockFile();
  const own = await packagesOf(ENTRIES, lock);
  // The first folder of a package: its scope, or its name.
  const folderOf = (id: string) => id.split(/(?<=.)[@/]/)[0] ?? id;
  const missing = [...own.map(folderOf), ...ENTRIES.map((path) => path.replace(/.*\//, ""))]
    .filter((name) => !names.has(name));
  assert.deepEqual(missing, []);
  const foreign = Object.keys(lock.npm).filter((id) => !own.includes(id)).map(folderOf);
  assert.ok(foreign.includes("fast-check"));
  assert.deepEqual([...foreign, "tests"].filter((name) => names.has(name)), []);
  assert.deepEqual([...names].filter((name) => name.endsWith("_test.ts")), []);
});
