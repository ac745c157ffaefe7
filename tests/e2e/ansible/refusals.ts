import assert from "node:assert/strict";
import type { Controller, Variables } from "./controller.ts";
import type { Node } from "./node.ts";
import type { ReleaseServer } from "./release_server.ts";

/** Variables that Ansible is to refuse, and how it says so. */
interface Refusal {
  readonly wrong: Variables;
  readonly says: RegExp;
  /** Whether only the program or its archive can tell: the libraries are there by then. */
  readonly installs?: true;
}

/** Plays the role with one wrong setting after another; but for the libraries the node stays as it was. */
export async function refusals(
  node: Node,
  controller: Controller,
  release: ReleaseServer,
): Promise<void> {
  const broken = `${controller.folder}/broken`;
  await Deno.writeTextFile(broken, "#!/bin/sh\nexit 1\n");
  const good: Variables = { release_url: release.url("good") };
  const table: readonly Refusal[] = [
    { wrong: { log_level: "loud" }, says: /_log_level must be one of: error, notice, info, debug/ },
    {
      wrong: { conntrack_min: "many" },
      says: /_conntrack_min' is of type .* unable to convert to int/,
    },
    {
      wrong: { threatfile_enable: true, threatfile_path: "/srv/a" },
      says: /Cannot write \/srv\/a:/,
    },
    { wrong: { customlist_enable: true }, says: /Cannot switch the custom list on/ },
    { wrong: { basic_auth_users: { bob: "plain" } }, says: /passwords of bob: expected bcrypt/ },
    { wrong: { read_thresholds: "a'b" }, says: /expected no quotes/ },
    { wrong: { local_path: broken }, says: /expected either/ },
    {
      wrong: { release_url: release.url("bad") },
      says: /checksum .* did not match/,
      installs: true,
    },
    {
      wrong: { collection_interval: "10" },
      says: /-collection\.interval: \\"10\\"/,
      installs: true,
    },
    { wrong: { release_url: "", local_path: broken }, says: /failed to validate/, installs: true },
  ];
  const changes: string[] = [];
  for (const { wrong, says, installs } of table) {
    const { ok, changed, text } = await controller.play(node, { ...good, ...wrong });
    assert.ok(!ok, text);
    assert.match(text, says);
    if (installs) changes.push(...changed);
    else assert.deepEqual(changed, []);
  }
  assert.deepEqual(changes, ["Install the libraries that the program opens"]);
}
