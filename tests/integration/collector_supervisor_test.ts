import assert from "node:assert/strict";
import { CollectorSupervisor } from "../../lib/collector_supervisor.ts";
import type { Config } from "../../lib/config/config.ts";
import type { PageMessage } from "../../lib/messages.ts";
import { configOf } from "../collectors/readings.ts";
import { waitUntil } from "../e2e/wait_until.ts";
import { LibvirtNode } from "./libvirt_node.ts";

const WITHIN_MS = 60_000;

Deno.test("CollectorSupervisor leaves a thread behind that sits in C, and a new one goes on", async () => {
  await using node = await LibvirtNode.start();
  await node.createGuest({
    name: "instance-00000001",
    uuid: "6695eb01-f6a4-4304-89aa-97f2502e1931",
    bare: true,
  });
  const told: string[] = [];
  const pages: PageMessage[] = [];
  let nowMs = 0;
  const supervisor = new CollectorSupervisor(
    configOf(`-libvirt.uri=${node.uri}`, "-collection.interval=200ms"),
    {
      now: () => nowMs,
      logger: {
        error: (message) => told.push(message),
        notice: () => {},
        info: () => {},
        debug: () => {},
      },
      log: () => {},
      page: (page) => pages.push(page),
      contacts: () => {},
      cycled: () => {},
      replaced: () => {},
      // As if shutting the socket down did not help.
      wake: () => 1,
    },
  );
  try {
    const newest = () => pages.at(-1);
    const completePage = (after: number) =>
      waitUntil(
        "a complete page",
        () => Promise.resolve(pages.length > after && newest()?.isComplete || undefined),
        { withinMs: WITHIN_MS, describe: () => told.join("\n") },
      );
    await completePage(0);
    await node.freezeDaemon();
    await waitUntil("a stuck thread", async () => {
      const before = pages.length;
      await new Promise((resolve) => setTimeout(resolve, 600));
      return pages.length === before || undefined;
    }, { withinMs: WITHIN_MS });
    while (told.length < 2) {
      nowMs += 500;
      supervisor.look();
      assert.ok(nowMs < 60_000, told.join("\n"));
    }
    assert.deepEqual(told, [
      "libvirt does not answer, its connection was cut",
      "A new collecting thread starts",
    ]);
    const before = pages.length;
    await node.thawDaemon();
    await completePage(before);
    assert.equal(newest()?.instances, 1);
  } finally {
    await supervisor.stop(WITHIN_MS);
  }
});

Deno.test("CollectorSupervisor tells the stack of a thread that crashes, and gives up on the fourth", async () => {
  const stacks: string[] = [];
  const silent = () => {};
  const defect = { ...configOf(), "read.thresholds": undefined } as unknown as Config;
  const supervisor = new CollectorSupervisor(defect, {
    logger: {
      error: (_, fields) => stacks.push(String(fields?.stack)),
      notice: silent,
      info: silent,
      debug: silent,
    },
    log: silent,
    page: silent,
    contacts: silent,
    cycled: silent,
    replaced: silent,
  });
  const { message, cause } = await supervisor.failed;
  await supervisor.stop(0);
  assert.match(message, /^The collecting thread died: Cannot read properties of undefined/);
  assert.ok(cause instanceof Error);
  assert.equal(stacks.length, 3);
  for (const stack of [...stacks, cause.stack ?? ""]) {
    assert.match(stack, /^TypeError: Cannot read .*\n +at .*lib\/collectors\/disk\.ts:\d+/);
  }
});
