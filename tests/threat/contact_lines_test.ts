import assert from "node:assert/strict";
import type { CycleReadings, InstanceReading } from "../../lib/collectors/cycle.ts";
import type { FreshContact } from "../../lib/conntrack/flow_summary.ts";
import { ContactLines } from "../../lib/threat/contact_lines.ts";
import { describe, fixedIps, reading, UUID } from "../collectors/readings.ts";

const TIME_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const TIME = "2026-01-02T03:04:05.678Z";

function contact(given: Partial<FreshContact> = {}): FreshContact {
  const [fixedIp, remote] = fixedIps("10.0.0.1", "2001:DB8::1");
  assert.ok(fixedIp && remote);
  return {
    list: 2,
    instance: UUID,
    fixedIp,
    remote,
    protocol: 6,
    dstPort: 443,
    direction: "out",
    ...given,
  };
}

function cycle(
  instances: readonly InstanceReading[] | undefined,
  fresh: readonly FreshContact[],
  leftOut: readonly number[] = [],
): CycleReadings {
  return {
    startedAtMs: 0,
    lagMs: 0,
    skippedTotal: 0,
    domains: instances
      ? {
        ok: true,
        listDurationMs: 0,
        statsAtMs: 0,
        listed: new Set([UUID]),
        instances,
        domainErrors: 0,
      }
      : { ok: false, listDurationMs: 0 },
    conntrack: {
      summary: {
        entries: 0,
        ambiguousFixedIps: 0,
        byInstance: new Map(),
        threats: { byInstance: new Map(), fresh, leftOut },
      },
      durationMs: 0,
      interruptedTotal: 0,
      enobufsTotal: 0,
      kernelEntries: undefined,
      kernelMax: undefined,
    },
  };
}

Deno.test("ContactLines writes one JSON object a line, with the owner of the instance", () => {
  const lines = new ContactLines().take(cycle([reading({})], [contact()]), TIME_MS);
  assert.deepEqual(lines, [
    `{"time":"${TIME}","list":"spamhaus","domain":"instance-0000000a","instance_uuid":"${UUID}",` +
    '"project_uuid":"p-1","user_uuid":"u-1","fixed_ip":"10.0.0.1","remote_ip":"2001:db8::1",' +
    '"protocol":"tcp","dst_port":443,"direction":"out"}\n',
  ]);
});

Deno.test("ContactLines names protocols, keeps numbers it has no name for, and leaves port 0 out", () => {
  const of = (protocol: number, dstPort: number) => {
    const [line = ""] = new ContactLines().take(
      cycle([reading({})], [contact({ protocol, dstPort })]),
      0,
    );
    const { protocol: name, dst_port } = JSON.parse(line);
    return [name, dst_port];
  };
  assert.deepEqual(of(17, 53), ["udp", 53]);
  assert.deepEqual(of(1, 0), ["icmp", undefined]);
  assert.deepEqual(of(58, 0), ["ipv6-icmp", undefined]);
  assert.deepEqual(of(250, 0), ["250", undefined]);
});

Deno.test("ContactLines holds tenants' names in one line", () => {
  const hostile = describe({ projectUuid: 'x"}\n{"list":"\u2028' });
  const lines = new ContactLines().take(
    cycle([reading({ description: hostile })], [contact()]),
    TIME_MS,
  );
  assert.equal(lines.join("").split("\n").length, 2);
  assert.equal(JSON.parse(lines[0] ?? "").project_uuid, 'x"}\n{"list":"\u2028');
});

Deno.test("ContactLines knows the owners while libvirt is down, and says what was left out", () => {
  const contacts = new ContactLines();
  assert.deepEqual(contacts.take(cycle([reading({})], []), TIME_MS), []);
  const [line = "", leftOut, ...rest] = contacts.take(
    cycle(undefined, [contact()], [0, 0, 4, 3, 0]),
    TIME_MS,
  );
  assert.equal(JSON.parse(line).domain, "instance-0000000a");
  assert.deepEqual([leftOut, rest], [
    `{"time":"${TIME}","left_out":7,"lists":{"spamhaus":4,"emergingthreats":3}}\n`,
    [],
  ]);
});

Deno.test("ContactLines writes none of instances that are left out, also while libvirt is down", () => {
  const contacts = new ContactLines();
  const { domains, ...rest } = cycle([], [contact()]);
  const filtered = { ...rest, domains: { ...domains, unselected: [reading({})] } };
  assert.deepEqual(contacts.take(filtered, TIME_MS), []);
  assert.deepEqual(contacts.take(cycle(undefined, [contact()]), TIME_MS), []);
});

Deno.test("ContactLines knows the owner of a domain that cannot be described this time", () => {
  const contacts = new ContactLines();
  contacts.take(cycle([reading({})], []), TIME_MS);
  const [line = ""] = contacts.take(cycle([], [contact()]), TIME_MS);
  assert.equal(JSON.parse(line).domain, "instance-0000000a");
});
