import assert from "node:assert/strict";
import { REPOSITORY } from "../../scripts/repository.ts";
import { installCollection, runAnsible } from "../ansible_collection.ts";

Deno.test("Ansible collection is clean by ansible-lint's production profile", async () => {
  const folder = await Deno.makeTempDir({ prefix: "oie-lint-" });
  try {
    // The playbook names the role by its collection.
    await installCollection(folder);
    const args = ["--offline", "--strict", "--nocolor", "-p"];
    const { success, text } = await runAnsible(
      folder,
      "ansible-lint",
      args,
      `${REPOSITORY}/packaging/ansible`,
    );
    assert.ok(success, text);
    assert.match(
      text,
      /Passed with production profile: 0 failure\(s\), 0 warning\(s\) on \d\d files/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
