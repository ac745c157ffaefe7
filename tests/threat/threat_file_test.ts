import assert from "node:assert/strict";
import { forwardingLogger, type LogRecord } from "../../lib/log/forward.ts";
import { ThreatFile } from "../../lib/threat/threat_file.ts";

/** A folder for one test, a path in it, and a log that keeps its records. */
async function withFolder(
  run: (path: string, told: LogRecord[], open: () => ThreatFile) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "oie-threat-file-" });
  const path = `${folder}/logs/threat.log`;
  await Deno.mkdir(`${folder}/logs`);
  const told: LogRecord[] = [];
  const log = forwardingLogger((record) => told.push(record), { level: "debug" });
  try {
    await run(path, told, () => new ThreatFile(path, log));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("ThreatFile appends lines to a file of mode 0640", async () => {
  await withFolder(async (path, told, open) => {
    for (const lines of [["a\n", "b\n"], ["c\n"]]) {
      const file = open();
      file.write(lines);
      await file.close();
    }
    assert.equal(await Deno.readTextFile(path), "a\nb\nc\n");
    assert.equal((await Deno.stat(path)).mode! & 0o777, 0o640);
    assert.deepEqual(told, []);
  });
});

Deno.test("ThreatFile takes rights beyond 0640 from a file that is there, and gives none", async () => {
  await withFolder(async (path, _, open) => {
    for (const [before, after] of [[0o666, 0o640], [0o777, 0o640], [0o600, 0o600]] as const) {
      await Deno.writeTextFile(path, "old\n");
      await Deno.chmod(path, before);
      await open().close();
      assert.equal((await Deno.stat(path)).mode! & 0o777, after);
    }
  });
});

Deno.test("ThreatFile opens the file anew when it is told so", async () => {
  await withFolder(async (path, _, open) => {
    const file = open();
    await Deno.rename(path, `${path}.1`);
    file.reopen();
    file.write(["a\n"]);
    await file.close();
    assert.equal(await Deno.readTextFile(path), "a\n");
    assert.equal(await Deno.readTextFile(`${path}.1`), "");
  });
});

Deno.test("ThreatFile tells of a missing folder once and writes again when it is back", async () => {
  await withFolder(async (path, told, open) => {
    const file = open();
    const folder = path.replace(/\/[^/]*$/, "");
    await Deno.remove(folder, { recursive: true });
    for (const line of ["lost\n", "lost too\n"]) {
      file.reopen();
      file.write([line]);
      // Its writing is in the background: what it tells is all there is to wait for.
      await settled(() => told.length > 0);
    }
    await Deno.mkdir(folder);
    await settled(async () => {
      file.write(["kept\n"]);
      return await Deno.stat(path).then(() => true, () => false);
    });
    await file.close();
    assert.match(await Deno.readTextFile(path), /^(kept\n)+$/);
    assert.deepEqual(told.map(({ level, message }) => [level, message]), [
      ["error", "Threat file cannot be written"],
      ["notice", "Threat file is written again"],
    ]);
    assert.deepEqual(told[0]?.fields, { path, reason: "No such file or directory (os error 2)" });
  });
});

Deno.test("ThreatFile that cannot be opened says so in one line", async () => {
  await withFolder(async (path, _, open) => {
    await Deno.mkdir(path);
    assert.throws(open, {
      message: `Cannot open threat file ${path}: Is a directory (os error 21)`,
    });
  });
});

/** Waits until the condition holds, giving way to what runs in the background. */
async function settled(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!await condition()) await new Promise((resolve) => setTimeout(resolve, 1));
}
