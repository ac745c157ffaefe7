import assert from "node:assert/strict";
import { parseFlags } from "../lib/config/parse_flags.ts";
import type { ThreatsMessage } from "../lib/messages.ts";
import { ThreatIndex } from "../lib/threat/threat_index.ts";
import { ThreatThread } from "../lib/threat_thread.ts";

Deno.test("ThreatThread hands on the lists of its worker, reads files and sends all again when told", async () => {
  const path = await Deno.makeTempFile({ prefix: "oie-threat-thread-" });
  try {
    await Deno.writeTextFile(path, "1.2.3.1\n");
    const command = parseFlags(["-customlist.enable", `-customlist.path=${path}`]);
    assert.ok(command.action === "run");
    const messages: ThreatsMessage[] = [];
    let arrived = Promise.withResolvers<void>();
    const logged: string[] = [];
    const thread = new ThreatThread(command.config, {
      threats: (message) => {
        messages.push(message);
        if (message.index !== undefined) arrived.resolve();
      },
      log: ({ message }) => logged.push(message),
      died: (error) => arrived.reject(error),
    });
    const maskOf = (last: number) => {
      const index = messages.findLast(({ index }) => index !== undefined)?.index;
      assert.ok(index);
      return new ThreatIndex(index).find(Uint32Array.of(0, 0, 0xffff, 0x0102_0300 + last), 0);
    };
    await arrived.promise;
    assert.deepEqual([maskOf(1), maskOf(2)], [16, 0]);
    assert.equal(messages.at(-1)?.telemetry[0]?.entries, 1);

    arrived = Promise.withResolvers();
    await Deno.writeTextFile(path, "1.2.3.2\n");
    thread.reload();
    await arrived.promise;
    assert.deepEqual([maskOf(1), maskOf(2)], [0, 16]);

    arrived = Promise.withResolvers();
    messages.length = 0;
    thread.resend();
    await arrived.promise;
    assert.deepEqual([maskOf(1), maskOf(2)], [0, 16], "the same again");
    assert.deepEqual(new Set(logged), new Set(["Threat list refreshed"]));
    await thread.stop(4000);
    await thread.stop(4000);
  } finally {
    await Deno.remove(path);
  }
});
