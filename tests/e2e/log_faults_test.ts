import assert from "node:assert/strict";
import { LibvirtNode } from "../integration/libvirt_node.ts";
import { isUp, NodeExporter } from "./node_exporter_process.ts";
import { SmallDisk } from "./small_disk.ts";
import { waitUntil } from "./wait_until.ts";

const START_MS = 30_000;
const LAST = "oie_host_last_collection_timestamp_seconds";
const GUEST = {
  name: "instance-00000001",
  uuid: "6695eb01-f6a4-4304-89aa-97f2502e1931",
  fixedIps: ["10.0.0.1"],
  bare: true,
};

/** Has the guest contact listed addresses that it did not contact before, one after the other. */
class Contacts {
  readonly #node: LibvirtNode;
  readonly remotes: string[] = [];

  constructor(node: LibvirtNode) {
    this.#node = node;
  }

  async next(): Promise<string> {
    const remote = `198.18.${this.remotes.length >>> 8}.${this.remotes.length & 255}`;
    const [conntrack, args] = this.#node.inside(
      "conntrack",
      `-I -p udp -s 10.0.0.1 -d ${remote} --sport 1 --dport 53 -t 600`.split(" "),
    );
    assert.ok((await new Deno.Command(conntrack, { args }).output()).success);
    this.remotes.push(remote);
    return remote;
  }
}

/** Remote addresses of a threat file's lines; other lines as they are. */
async function linesOf(path: string): Promise<string[]> {
  const text = await Deno.readTextFile(path).catch(() => "");
  return text.split("\n").slice(0, -1).map((line) => {
    try {
      return JSON.parse(line).remote_ip;
    } catch {
      return line;
    }
  });
}

Deno.test("binary goes on, tells it once and heals when its log and threat file cannot be written", async (test) => {
  await using node = await LibvirtNode.start();
  await node.createGuest(GUEST);
  await using disk = await SmallDisk.mount(64);
  const list = await Deno.makeTempFile({ prefix: "oie-listed-" });
  try {
    await Deno.chmod(list, 0o644);
    await Deno.writeTextFile(list, "198.18.0.0/16\n");
    const [log, threats] = [`${disk.folder}/log`, `${disk.folder}/threats`];
    await using exporter = await NodeExporter.start(node, {
      where: "network",
      intervalMs: 200,
      flags: [
        ...["-log.level=debug", "-log.file.enable", `-log.file.path=${log}`],
        ...["-customlist.enable", `-customlist.path=${list}`],
        ...["-threatfile.enable", `-threatfile.path=${threats}`],
      ],
    });
    const contacts = new Contacts(node);
    /** New contacts until something is seen. */
    const until = (what: string, isSeen: () => Promise<boolean>) =>
      waitUntil(what, async () => {
        await contacts.next();
        return await isSeen() || undefined;
      }, { withinMs: START_MS, describe: () => exporter.process.output });
    const told = (message: string) => exporter.process.output.split(`msg="${message}"`).length - 1;
    const cycles = async (count: number) => {
      let last = -1;
      for (let seen = 0; seen < count; seen++) {
        const values = await exporter.values(
          "another cycle",
          START_MS,
          (values) => isUp(1)(values) && (values.get(LAST) ?? 0) > last,
        );
        last = values.get(LAST) ?? 0;
      }
    };
    await exporter.values("a full page", START_MS, isUp(1));
    await until(
      "a line of each file",
      async () => (await linesOf(threats)).length > 0 && (await linesOf(log)).length > 0,
    );

    await test.step("on a full disk", async () => {
      await disk.fill("log", "threats");
      await until("both troubles", () =>
        Promise.resolve(
          told("Log file cannot be written") > 0 && told("Threat file cannot be written") > 0,
        ));
      assert.match(exporter.process.output, /No space left on device/);
      for (let more = 0; more < 5; more++) await contacts.next();
      await cycles(5);
      await disk.free();
      await until("the end of both", () =>
        Promise.resolve(
          told("Log file is written again") > 0 && told("Threat file is written again") > 0,
        ));
      assert.deepEqual(
        [told("Log file cannot be written"), told("Threat file cannot be written")],
        [
          1,
          1,
        ],
      );
      // A line that was cut by the end of the disk spoils no other one.
      const broken = (await linesOf(log)).filter((line) => !/^ts=\S+ level=\w+ msg=/.test(line));
      assert.ok(broken.length <= 2, broken.join("\n"));
    });

    await test.step("when their folder is removed and made again", async () => {
      await Deno.remove(disk.folder, { recursive: true });
      await contacts.next();
      await cycles(8);
      await disk.makeFolder();
      await until(
        "new files",
        async () => (await linesOf(threats)).length > 0 && (await linesOf(log)).length > 0,
      );
    });

    await test.step("when they are rotated: SIGHUP loses no line and writes none twice", async () => {
      const before = contacts.remotes.length;
      const remote = await contacts.next();
      await until("its line", async () => (await linesOf(threats)).includes(remote));
      await Deno.rename(threats, `${threats}.1`);
      await Deno.rename(log, `${log}.1`);
      await contacts.next();
      Deno.kill(exporter.process.pid, "SIGHUP");
      await contacts.next();
      const last = await contacts.next();
      await waitUntil("the last line", async () => {
        return (await linesOf(threats)).includes(last) || undefined;
      }, { withinMs: START_MS, describe: () => exporter.process.output });
      const written = [...await linesOf(`${threats}.1`), ...await linesOf(threats)];
      const ours = written.filter((line) => contacts.remotes.indexOf(line) >= before);
      assert.deepEqual(ours.toSorted(), contacts.remotes.slice(before).toSorted());
      await waitUntil("the new log", async () => (await linesOf(log)).length > 0 || undefined, {
        withinMs: START_MS,
      });
    });
    assert.equal((await exporter.process.stop("SIGTERM", 10_000)).code, 0);
  } finally {
    await Deno.remove(list);
  }
});
