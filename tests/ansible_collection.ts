import assert from "node:assert/strict";
import { REPOSITORY } from "../scripts/repository.ts";

/** What a program of Ansible wrote, and whether it succeeded. */
export interface AnsibleOutput {
  readonly success: boolean;
  readonly text: string;
}

/**
 * Runs a program of Ansible that keeps all it writes in `folder`, with the collections in
 * `folder/collections`; the settings of whoever runs the test stay out.
 */
export async function runAnsible(
  folder: string,
  program: string,
  args: readonly string[],
  cwd: string = folder,
): Promise<AnsibleOutput> {
  const { success, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    cwd,
    stdin: "null",
    clearEnv: true,
    env: {
      PATH: "/usr/sbin:/usr/bin:/sbin:/bin",
      HOME: folder,
      LC_ALL: "C.UTF-8",
      ANSIBLE_COLLECTIONS_PATH: `${folder}/collections`,
      ANSIBLE_PIPELINING: "1",
      ANSIBLE_NOCOLOR: "1",
      ANSIBLE_SSH_ARGS: "",
    },
  }).output();
  const decoder = new TextDecoder();
  return { success, text: decoder.decode(stdout) + decoder.decode(stderr) };
}

/** Builds the collection from the repository and installs it from the archive, as an operator does. */
export async function installCollection(folder: string): Promise<void> {
  await galaxy(folder, "build", `${REPOSITORY}/packaging/ansible`, "--output-path", folder);
  const archive = [...Deno.readDirSync(folder)].find(({ name }) => name.endsWith(".tar.gz"));
  assert.ok(archive !== undefined, "the build makes an archive");
  await galaxy(folder, "install", archive.name, "--offline", "-p", "collections");
}

async function galaxy(folder: string, ...args: readonly string[]): Promise<void> {
  const { success, text } = await runAnsible(folder, "ansible-galaxy", ["collection", ...args]);
  assert.ok(success, text);
}
