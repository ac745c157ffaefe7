import assert from "node:assert/strict";
import { closureOf, type LockFile, onlyImports, onlyPackages } from "../../scripts/npm_packages.ts";

const LOCK: LockFile = {
  version: "5",
  specifiers: { "npm:@a/top@1.0.0": "1.0.0", "npm:test-only@3.0.0": "3.0.0" },
  npm: {
    "@a/top@1.0.0": { integrity: "sha512-a", dependencies: ["deep@2.0.0", "leaf"] },
    "deep@1.0.0": { integrity: "sha512-b" },
    "deep@2.0.0": { integrity: "sha512-c", dependencies: ["@a/top"] },
    "leaf@1.0.0": { integrity: "sha512-d" },
    "test-only@3.0.0": { integrity: "sha512-e", dependencies: ["leaf"] },
  },
  workspace: { dependencies: ["npm:@a/top@1.0.0", "npm:test-only@3.0.0"] },
};

Deno.test("closureOf follows dependencies by name and version, and circles once", () => {
  assert.deepEqual(closureOf(["@a/top@1.0.0"], LOCK), ["@a/top@1.0.0", "deep@2.0.0", "leaf@1.0.0"]);
  assert.deepEqual(closureOf([], LOCK), []);
});

Deno.test("closureOf throws for a package that the lock file lacks", () => {
  assert.throws(() => closureOf(["lea"], LOCK), {
    name: "SyntaxError",
    message: "Cannot read deno.lock: expected the package lea in it",
  });
});

Deno.test("onlyPackages and onlyImports leave out what is for tests only", () => {
  const packages = closureOf(["@a/top@1.0.0"], LOCK);
  assert.deepEqual(onlyPackages(LOCK, packages), {
    version: "5",
    specifiers: { "npm:@a/top@1.0.0": "1.0.0" },
    npm: {
      "@a/top@1.0.0": LOCK.npm["@a/top@1.0.0"],
      "deep@2.0.0": LOCK.npm["deep@2.0.0"],
      "leaf@1.0.0": LOCK.npm["leaf@1.0.0"],
    },
    workspace: { dependencies: ["npm:@a/top@1.0.0"] },
  });
  const imports = { top: "npm:@a/top@1.0.0", test: "npm:test-only@3.0.0" };
  assert.deepEqual(onlyImports(imports, packages), { top: "npm:@a/top@1.0.0" });
});
