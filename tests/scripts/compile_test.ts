import assert from "node:assert/strict";
import { buildInfoText, executablePath, parseTarget } from "../../scripts/compile.ts";

const X86_64 = "x86_64-unknown-linux-gnu";
const AARCH64 = "aarch64-unknown-linux-gnu";

Deno.test("parseTarget takes one --target and falls back to the machine's own", () => {
  assert.equal(parseTarget([], X86_64), X86_64);
  assert.equal(parseTarget([], AARCH64), AARCH64);
  assert.equal(parseTarget(["--target", AARCH64], X86_64), AARCH64);
  assert.equal(parseTarget([`--target=${AARCH64}`], X86_64), AARCH64);
});

Deno.test("parseTarget throws for an unknown target and for a stray argument", () => {
  const targets = `the targets are ${X86_64}, ${AARCH64}`;
  const bad: readonly (readonly [readonly string[], string])[] = [
    [["--target", "riscv64"], `Cannot compile for "riscv64": ${targets}`],
    [["--target"], `Cannot compile for "": ${targets}`],
    [["--target=toString"], `Cannot compile for "toString": ${targets}`],
    [["-v"], 'Cannot parse argument "-v": the only one is --target'],
    [["--target", X86_64, "x"], 'Cannot parse argument "x": the only one is --target'],
  ];
  for (const [args, message] of bad) {
    assert.throws(() => parseTarget(args, X86_64), { name: "SyntaxError", message });
  }
  assert.throws(() => parseTarget([], "x86_64-apple-darwin"), { name: "SyntaxError" });
});

Deno.test("executablePath names the processor of every target but x86_64", () => {
  assert.equal(executablePath(X86_64), "dist/openstack_instance_exporter");
  assert.equal(executablePath(AARCH64), "dist/openstack_instance_exporter-aarch64");
});

Deno.test("buildInfoText marks a tree that differs from its commit", () => {
  assert.equal(buildInfoText("0123456789ab", ""), '{"revision":"0123456789ab"}\n');
  assert.equal(buildInfoText("0123456789ab", " M main.ts"), '{"revision":"0123456789ab-dirty"}\n');
  assert.equal(buildInfoText("", ""), '{"revision":"unknown"}\n');
});
