import assert from "node:assert/strict";
import { CollectorThread } from "../lib/collector_thread.ts";
import { OvsThread } from "../lib/ovs_thread.ts";
import { ThreatThread } from "../lib/threat_thread.ts";
import { BcryptThread } from "../lib/web/bcrypt_thread.ts";
import { configOf } from "./collectors/readings.ts";

/** The rights that a worker is given which `start` would start; it is not started. */
function rightsOf(start: () => unknown): unknown {
  const { Worker } = globalThis;
  let rights: unknown = "none were named";
  class Unstarted {
    constructor(_url: URL, options: WorkerOptions) {
      rights = options.deno?.permissions;
      throw new Error("not started");
    }
  }
  globalThis.Worker = Unstarted as unknown as typeof Worker;
  try {
    assert.throws(start, /^Error: not started$/);
  } finally {
    globalThis.Worker = Worker;
  }
  return rights;
}

const events = {
  ...{ page() {}, log() {}, contacts() {}, failed() {}, crashed() {} },
  ...{ threats() {}, ovs() {}, died() {} },
};

Deno.test("each thread is started with what it needs to do, and no more", () => {
  const config = configOf();
  const cached = { ...config, "threat.cache.dir": "/var/cache/oie" };
  const threats = { net: true, read: true, ffi: true, env: ["SSL_CERT_FILE"] };
  assert.deepEqual(rightsOf(() => new CollectorThread(config, events)), {
    ffi: true,
    sys: ["networkInterfaces"],
  });
  assert.deepEqual(rightsOf(() => new ThreatThread(config, events)), { ...threats, write: false });
  assert.deepEqual(rightsOf(() => new ThreatThread(cached, events)), {
    ...threats,
    write: ["/var/cache/oie"],
  });
  assert.deepEqual(rightsOf(() => new OvsThread("/run/db.sock", "info", events)), {
    read: ["/run/db.sock"],
    write: ["/run/db.sock"],
  });
  assert.equal(rightsOf(() => new BcryptThread().verify("a", "b")), "none");
});
