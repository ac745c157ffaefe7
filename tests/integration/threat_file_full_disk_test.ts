import assert from "node:assert/strict";
import { forwardingLogger, type LogRecord } from "../../lib/log/forward.ts";
import { ThreatFile } from "../../lib/threat/threat_file.ts";

/** A line of a JSON object whose number tells it from others. */
function line(number: number): string {
  return JSON.stringify({ number, filling: "x".repeat(300) }) + "\n";
}

async function run(...command: readonly string[]): Promise<void> {
  const [program = "", ...args] = command;
  const { success, stderr } = await new Deno.Command(program, { args }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

Deno.test("ThreatFile on a disk that fills up tells it once, heals, and keeps every later line whole", async () => {
  const folder = await Deno.makeTempDir({ prefix: "oie-full-disk-" });
  await run("mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", folder);
  try {
    const path = `${folder}/threat.log`;
    const filler = `${folder}/filler`;
    await Deno.writeFile(filler, new Uint8Array(8_000));
    const told: LogRecord[] = [];
    const file = new ThreatFile(
      path,
      forwardingLogger((record) => told.push(record), { level: "debug" }),
    );
    let number = 0;
    const writeUntil = async (told: () => boolean) => {
      while (!told()) {
        file.write([line(number++)]);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    await writeUntil(() => told.length === 1);
    for (let more = 0; more < 5; more++) file.write([line(number++)]);
    await Deno.remove(filler);
    await writeUntil(() => told.length === 2);
    file.write([line(number++)]);
    await file.close();

    assert.deepEqual(told.map(({ level, message, fields }) => [level, message, fields["reason"]]), [
      ["error", "Threat file cannot be written", "No space left on device (os error 28)"],
      ["notice", "Threat file is written again", undefined],
    ]);
    const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
    const torn = lines.filter((text) => !text.endsWith('"}'));
    assert.ok(torn.length <= 1, torn.join("\n"));
    assert.deepEqual(JSON.parse(lines.at(-1) ?? "").number, number - 1);
    assert.deepEqual(JSON.parse(lines.at(-2) ?? "").number, number - 2);
    assert.ok(Number(told[1]?.fields["lost_bytes"]) >= line(0).length);
  } finally {
    await run("umount", folder);
    await Deno.remove(folder);
  }
});
