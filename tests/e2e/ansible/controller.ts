import { installCollection, runAnsible } from "../../ansible_collection.ts";
import type { Node } from "./node.ts";

/** What a playbook did on the node. */
export interface Play {
  readonly ok: boolean;
  /** Names of the tasks and handlers that changed something there, or would have in check mode. */
  readonly changed: readonly string[];
  /** All that Ansible wrote. */
  readonly text: string;
}

/** Variables of a play, without the role's prefix. */
export type Variables = Readonly<Record<string, string | number | boolean | object>>;

const PREFIX = "openstack_instance_exporter_";

/**
 * Ansible with the collection as an operator has it: built from the repository and installed from the
 * archive, in a folder of its own. Nodes are reached by Ansible's ssh connection, with a program in
 * ssh's place that enters their root.
 */
export class Controller implements AsyncDisposable {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async make(): Promise<Controller> {
    const controller = new Controller(await Deno.makeTempDir({ prefix: "oie-ansible-" }));
    try {
      await installCollection(controller.folder);
      return controller;
    } catch (error) {
      await controller[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Runs the collection's playbook on `node`; `options` are those of ansible-playbook. */
  async play(node: Node, variables: Variables, ...options: readonly string[]): Promise<Play> {
    const name = node.root.path.slice(node.root.path.lastIndexOf("/") + 1);
    await Deno.writeTextFile(`${this.folder}/${name}.ssh`, enter(node), { mode: 0o700 });
    await Deno.writeTextFile(
      `${this.folder}/${name}.ini`,
      `[compute]\nnode ansible_user=root ansible_ssh_executable=${this.folder}/${name}.ssh ` +
        "ansible_ssh_transfer_method=piped ansible_python_interpreter=/usr/bin/python3\n",
    );
    const extra = Object.entries({ local_cache_path: `${this.folder}/cache-${name}`, ...variables })
      .map(([name, value]) => [PREFIX + name, value]);
    const { success, text } = await runAnsible(this.folder, "ansible-playbook", [
      ...["--inventory", `${name}.ini`, "oie.exporter.compute"],
      ...["--extra-vars", JSON.stringify(Object.fromEntries(extra))],
      ...options,
    ]);
    return { ok: success, changed: changedTasks(text), text };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/**
 * A program that Ansible calls like ssh: its last argument is what the node's shell is to do. With
 * processes of its own: Ansible takes the first one for what manages services, and looks further
 * where that is a shell.
 */
function enter(node: Node): string {
  const [program, args] = node.root.inside("sh", "-c");
  const own = ["--pid", "--fork", "--kill-child"];
  const quoted = [...node.network, program, ...own, ...args].map((text) =>
    `'${text.replaceAll("'", `'\\''`)}'`
  ).join(" ");
  return `#!/bin/sh\nfor command; do :; done\nexec ${quoted} "$command"\n`;
}

/** Tasks on the controller, `[node -> localhost]`, are left out. */
function changedTasks(text: string): readonly string[] {
  const changed = new Set<string>();
  let task = "";
  for (const line of text.split("\n")) {
    task = /^(?:TASK|RUNNING HANDLER) \[(?:.* : )?(.*?)\] \**$/.exec(line)?.[1] ?? task;
    if (/^changed: \[node\](?! ->)/.test(line)) changed.add(task);
  }
  return [...changed];
}
