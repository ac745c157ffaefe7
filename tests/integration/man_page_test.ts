import assert from "node:assert/strict";
import { FLAGS } from "../../lib/config/flags.ts";
import { REPOSITORY } from "../../scripts/repository.ts";

const PAGE = `${REPOSITORY}/packaging/man/openstack_instance_exporter.1`;

async function mandoc(...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command("mandoc", { args: [...args, PAGE] }).output();
  return new TextDecoder().decode(stdout);
}

Deno.test("manual page has nothing that mandoc warns of, but that it has no date", async () => {
  const warnings = (await mandoc("-T", "lint", "-W", "warning")).trimEnd().split("\n");
  assert.deepEqual(warnings.map((line) => line.replace(/^.*:\d+:\d+: /, "")), [
    'WARNING: missing date, using "": TH',
  ]);
});

Deno.test("manual page shows every flag with its help", async () => {
  // Bold is a character, a backspace and the character again.
  // deno-lint-ignore no-control-regex
  const text = (await mandoc("-T", "utf8", "-O", "width=500")).replace(/.\x08/g, "");
  const shown = text.replace(/\s+/g, " ");
  const missing = FLAGS.filter(({ name, help }) => {
    const at = shown.search(new RegExp(`-${RegExp.escape(name)}(=\\S+)? `));
    return at < 0 || !shown.slice(at).replace(/^\S+ /, "").startsWith(help);
  });
  assert.deepEqual(missing, []);
});
