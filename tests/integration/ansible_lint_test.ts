import assert from "node:assert/strict";
import { REPOSITORY } from "../../scripts/repository.ts";

Deno.test("Ansible collection is clean by ansible-lint's production profile", async () => {
  const home = await Deno.makeTempDir({ prefix: "oie-lint-" });
  try {
    const { code, stdout, stderr } = await new Deno.Command("ansible-lint", {
      args: ["--offline", "--strict", "--nocolor", "-p"],
      cwd: `${REPOSITORY}/packaging/ansible`,
      // It writes caches, which belong neither into the repository nor into anybody's home.
      env: {
        PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
        HOME: home,
        XDG_CACHE_HOME: home,
        LC_ALL: "C.UTF-8",
      },
      clearEnv: true,
      stdin: "null",
    }).output();
    const decoder = new TextDecoder();
    const text = decoder.decode(stdout) + decoder.decode(stderr);
    assert.equal(code, 0, text);
    assert.match(
      text,
      /Passed with production profile: 0 failure\(s\), 0 warning\(s\) on \d\d files/,
    );
  } finally {
    await Deno.remove(home, { recursive: true });
  }
});
