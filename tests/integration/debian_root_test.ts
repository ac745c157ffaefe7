import assert from "node:assert/strict";
import { DebianRoot } from "../debian_root.ts";

Deno.test("DebianRoot is a minimal Debian with an apt that works, and leaves nothing behind", async (test) => {
  let path: string;
  {
    await using root = await DebianRoot.make();
    path = root.path;
    await test.step("runs commands inside, with processes of its own", async () => {
      assert.match(await root.run("cat", "/etc/os-release"), /VERSION_CODENAME=bookworm/);
      assert.equal(await root.run("sh", "-c", "echo /proc/[0-9]*"), "/proc/1\n");
      const failed = await root.output("sh", "-c", "echo said; exit 3");
      assert.deepEqual(failed, { code: 3, stdout: "said\n", stderr: "" });
      await assert.rejects(root.run("false"), { message: /^Cannot run "false": code 1/ });
    });
    await test.step("installs a package from this machine's mirror", async () => {
      await root.run("apt-get", "-q", "update");
      await root.run("apt-get", "-q", "install", "--yes", "--no-install-recommends", "hello");
      assert.equal(await root.run("hello", "-g", "from inside"), "from inside\n");
    });
    await test.step("starts a process whose signals are its own", async () => {
      const [program, args] = root.inside("sleep", "1000");
      const child = new Deno.Command(program, { args }).spawn();
      child.kill("SIGTERM");
      assert.equal((await child.status).signal, "SIGTERM");
    });
    await test.step("mounts nothing that outlives a command", async () => {
      const mounts = await Deno.readTextFile("/proc/mounts");
      assert.ok(!mounts.includes(path), mounts);
    });
  }
  await assert.rejects(Deno.stat(path), Deno.errors.NotFound);
});
