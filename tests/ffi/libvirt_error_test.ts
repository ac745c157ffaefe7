import assert from "node:assert/strict";
import { classifyLibvirtError, LibvirtError } from "../../ffi/libvirt_error.ts";

const CASES = [
  { code: 38, domain: 7, kind: "connection lost", why: "the socket is dead, seen by RPC" },
  { code: 1, domain: 7, kind: "connection lost", why: "client socket is closed" },
  { code: 38, domain: 13, kind: "connection lost", why: "the socket is dead, seen by REMOTE" },
  { code: 1, domain: 13, kind: "connection lost", why: "end of file while reading" },
  { code: 42, domain: 10, kind: "domain gone", why: "no such domain" },
  { code: 55, domain: 10, kind: "domain gone", why: "domain is not running" },
  { code: 55, domain: 20, kind: "domain gone", why: "domain is not running" },
  { code: 38, domain: 10, kind: "domain gone", why: "its QEMU died during the call" },
  { code: 3, domain: 12, kind: "unsupported", why: "no support for this function" },
  { code: 74, domain: 0, kind: "unsupported", why: "stats types are not supported" },
  { code: 84, domain: 10, kind: "unsupported", why: "operation is not supported" },
  { code: 1, domain: 10, kind: "other", why: "internal error of one guest" },
  { code: 38, domain: 0, kind: "other", why: "system error of nobody's" },
  { code: 5, domain: 0, kind: "other", why: "no connection driver" },
  { code: 0, domain: 0, kind: "other", why: "no reason given" },
] as const;

for (const { code, domain, kind, why } of CASES) {
  Deno.test(`classifyLibvirtError sorts ${code} of domain ${domain} (${why}) as ${kind}`, () => {
    assert.equal(classifyLibvirtError(code, domain), kind);
    assert.equal(new LibvirtError(why, { code, domain, level: 2 }).kind, kind);
  });
}
