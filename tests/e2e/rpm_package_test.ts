import assert from "node:assert/strict";
import { DebianRoot } from "../debian_root.ts";
import { outputOf, releaseFile } from "./release_files.ts";

const NAME = "openstack_instance_exporter";

/** There is no systemd in the root: this takes its place, and writes down what it was asked. */
const SYSTEMCTL = `#!/bin/sh
echo "$*" >> /systemctl.log
`;

Deno.test("rpm is installed, installed again and removed by rpm, in a root where Debian stands in", async () => {
  const rpm = releaseFile(".x86_64.rpm");
  await using root = await DebianRoot.make();
  const inside = (path: string) => `${root.path}${path}`;
  await Deno.writeTextFile(inside("/usr/bin/systemctl"), SYSTEMCTL, { mode: 0o755 });
  await Deno.mkdir(inside("/run/systemd/system"), { recursive: true });
  /** Runs rpm with the root's files and scripts, and returns what systemctl was asked meanwhile. */
  const rpmIn = async (...args: readonly string[]) => {
    const place = ["--root", root.path, "--dbpath", "/var/lib/rpm"];
    // The libraries have Debian's names here.
    const options = ["--force-debian", "--nodeps"];
    await outputOf(...root.beside("rpm", ...place, ...options, ...args));
    const asked = await Deno.readTextFile(inside("/systemctl.log"));
    await Deno.remove(inside("/systemctl.log"));
    return asked.trimEnd().split("\n").map((line) => line.replace(` ${NAME}.service`, ""));
  };

  assert.deepEqual(await rpmIn("-i", rpm), ["--no-reload preset", "daemon-reload"]);
  const account = await root.run("getent", "passwd", NAME);
  assert.match(account, /:\/nonexistent:\/usr\/sbin\/nologin\n$/);
  assert.match(
    await Deno.readTextFile(inside(`/usr/lib/systemd/system/${NAME}.service`)),
    /^ExecStart=\/usr\/bin\/openstack_instance_exporter /m,
  );
  // For rpm's scripts that is an upgrade: the new one comes, then the old one goes.
  assert.deepEqual(await rpmIn("-U", "--replacepkgs", rpm), [
    "daemon-reload",
    "daemon-reload",
    "try-restart",
  ]);
  assert.equal(await root.run("getent", "passwd", NAME), account);

  assert.deepEqual(await rpmIn("-e", "openstack-instance-exporter"), [
    "--no-reload disable --now",
    "daemon-reload",
  ]);
  const search = ["/", "-xdev", "-iname", "*openstack*instance*exporter*"];
  assert.equal(await root.run("find", ...search), "");
});
