import assert from "node:assert/strict";
import fc from "fast-check";
import { parseRunDelay, parseWaitSum, VcpuThreads } from "../../lib/reading/vcpu_threads.ts";

const [A, B] = ["aaaaaaaa-0000-4000-8000-000000000001", "aaaaaaaa-0000-4000-8000-000000000002"];

/** A /proc whose files a test changes; it counts how often the processes were looked through. */
class FakeProc {
  nowMs = 0;
  scans = 0;
  isListed = true;
  readonly files = new Map<string, string>([["/proc/sys/kernel/sched_schedstats", "0\n"]]);
  readonly threads = new VcpuThreads({
    now: () => this.nowMs,
    readFile: (path) => path.endsWith("/cmdline") ? undefined : this.files.get(path),
    readStart: (path) => this.files.get(path)?.slice(0, 65_536),
    listFolder: (path) => {
      if (path === "/proc") this.scans++;
      if (!this.isListed) return undefined;
      const below = [...this.files.keys()].filter((file) => file.startsWith(`${path}/`));
      return [...new Set(below.map((file) => file.slice(path.length + 1).split("/")[0] ?? ""))];
    },
  });

  addQemu(pid: number, uuid: string, delays: readonly string[], append = ""): void {
    this.files.set(
      `/proc/${pid}/cmdline`,
      ["qemu", "-append", append, "-uuid", uuid, "-no-user-config", ""].join("\0"),
    );
    this.addThread(pid, pid, "qemu-system-x86", "9 9 9");
    delays.forEach((delay, at) => this.addThread(pid, pid + 1 + at, `CPU ${at}/KVM`, delay));
  }

  addThread(pid: number, tid: number, comm: string, schedstat: string): void {
    this.files.set(`/proc/${pid}/task/${tid}/comm`, `${comm}\n`);
    this.files.set(`/proc/${pid}/task/${tid}/schedstat`, `${schedstat}\n`);
  }

  removeThread(pid: number, tid: number): void {
    for (const file of ["comm", "schedstat"]) this.files.delete(`/proc/${pid}/task/${tid}/${file}`);
  }
}

Deno.test("VcpuThreads sums what vCPU threads waited, for the instance that the command line names", () => {
  const proc = new FakeProc();
  // A kernel's command line is a tenant's text: one argument, whatever is in it.
  proc.addQemu(100, A, ["1 20 3", "1 5 3"], `-uuid ${B}`);
  proc.addQemu(200, B, ["1 7 1"]);
  proc.files.set("/proc/300/cmdline", "bash\0");
  const [a, b, other] = [{ run: {}, uuid: A }, { run: {}, uuid: B }, { run: {}, uuid: "no" }];
  assert.deepEqual(proc.threads.read([a, b, other]), {
    delays: new Map([[a.run, { stealNs: 25n }], [b.run, { stealNs: 7n }]]),
  });
  assert.equal(proc.scans, 1);
});

Deno.test("VcpuThreads looks for threads again after as long as it knows the run, at most a minute", () => {
  const proc = new FakeProc();
  const a = { run: {}, uuid: A };
  proc.addQemu(100, A, []);
  const steal = (nowMs: number) => {
    proc.nowMs = nowMs;
    return proc.threads.read([a]).delays.get(a.run)?.stealNs;
  };
  assert.equal(steal(0), undefined, "QEMU starts");
  proc.addThread(100, 101, "CPU 0/KVM", "1 20 3");
  assert.equal(steal(5_000), 20n);
  proc.addThread(100, 102, "CPU 1/KVM", "1 5 3");
  assert.deepEqual([steal(9_999), proc.scans], [20n, 2]);
  assert.deepEqual([steal(10_000), proc.scans], [25n, 3]);
  for (const seconds of [20, 40, 80, 140, 200]) steal(1_000 * seconds);
  assert.equal(proc.scans, 8);
  proc.addThread(100, 103, "CPU 2/KVM", "1 100 1");
  assert.deepEqual([steal(259_999), proc.scans], [25n, 8]);
  assert.deepEqual([steal(260_000), proc.scans], [125n, 9]);
});

Deno.test("VcpuThreads counts what an unplugged vCPU had waited: the sum never goes backwards", () => {
  const proc = new FakeProc();
  proc.files.set("/proc/sys/kernel/sched_schedstats", "1\n");
  proc.addQemu(100, A, ["1 20 3", "1 5 3"]);
  proc.addThread(100, 103, "ALL CPUs/TCG", "1 100 1");
  for (const tid of [101, 102, 103]) {
    proc.files.set(`/proc/100/task/${tid}/sched`, `wait_sum : ${tid}.000000\n`);
  }
  const a = { run: {}, uuid: A };
  const delay = (nowMs: number) => {
    proc.nowMs = nowMs;
    return proc.threads.read([a]).delays.get(a.run);
  };
  assert.deepEqual(delay(0), { stealNs: 125n, waitNs: 306_000_000n });
  proc.removeThread(100, 103);
  proc.files.delete("/proc/100/task/103/sched");
  // Before it is noticed that the thread is gone, when it is, and ever after.
  for (const nowMs of [0, 10_000, 20_000, 40_000]) {
    assert.deepEqual(delay(nowMs), { stealNs: 125n, waitNs: 306_000_000n });
  }
  // Another thread by the same number.
  proc.addThread(100, 103, "CPU 2/KVM", "1 7 1");
  proc.files.set("/proc/100/task/103/sched", "wait_sum : 1.000000\n");
  assert.deepEqual(delay(80_000), { stealNs: 132n, waitNs: 307_000_000n });
});

Deno.test("VcpuThreads keeps what a thread had waited that ends between its two files", () => {
  const proc = new FakeProc();
  proc.files.set("/proc/sys/kernel/sched_schedstats", "1\n");
  proc.addQemu(100, A, ["1 20 3", "1 5 3"]);
  for (const tid of [101, 102]) {
    proc.files.set(`/proc/100/task/${tid}/sched`, "wait_sum : 2.000000\n");
  }
  const a = { run: {}, uuid: A };
  const delay = () => proc.threads.read([a]).delays.get(a.run);
  assert.deepEqual(delay(), { stealNs: 25n, waitNs: 4_000_000n });
  proc.files.delete("/proc/100/task/102/sched");
  assert.deepEqual(delay(), { stealNs: 25n });
  proc.removeThread(100, 102);
  assert.deepEqual(delay(), { stealNs: 25n, waitNs: 4_000_000n });
});

Deno.test("VcpuThreads finds the threads of another QEMU of the run at once, and its sum goes on", () => {
  const proc = new FakeProc();
  proc.addQemu(100, A, ["1 20 3"]);
  const a = { run: {}, uuid: A };
  const steal = (nowMs: number) => {
    proc.nowMs = nowMs;
    return proc.threads.read([a]).delays.get(a.run)?.stealNs;
  };
  for (const seconds of [0, 30, 60, 120]) assert.equal(steal(1_000 * seconds), 20n);
  for (const path of [...proc.files.keys()]) {
    if (path.startsWith("/proc/100/")) proc.files.delete(path);
  }
  assert.equal(steal(125_000), undefined);
  proc.addQemu(200, A, ["1 4 3"]);
  assert.equal(steal(126_000), 24n);
});

Deno.test("VcpuThreads stays with the threads it knows while /proc cannot be listed", () => {
  const proc = new FakeProc();
  proc.addQemu(100, A, ["1 20 3"]);
  const a = { run: {}, uuid: A };
  const read = (nowMs: number) => {
    proc.nowMs = nowMs;
    return proc.threads.read([a]);
  };
  read(0);
  proc.isListed = false;
  assert.deepEqual(read(60_000), { delays: new Map([[a.run, { stealNs: 20n }]]) });
});

Deno.test("VcpuThreads says so where no QEMU is seen, but not of one that starts", () => {
  const proc = new FakeProc();
  const [a, b] = [{ run: {}, uuid: A }, { run: {}, uuid: B }];
  assert.deepEqual(proc.threads.read([a]), { delays: new Map() });
  proc.nowMs = 5_000;
  assert.deepEqual(proc.threads.read([a]), { delays: new Map() });
  proc.nowMs = 10_000;
  const { delays, error } = proc.threads.read([a, b]);
  assert.equal(delays.size, 0);
  assert.equal(
    error?.message,
    "Cannot see QEMU's vCPU threads of any of 2 instances: expected them in /proc, which hidepid, " +
      "ProtectProc=invisible or a PID namespace of one's own may hide",
  );
  proc.addQemu(100, A, []);
  proc.nowMs = 20_000;
  assert.deepEqual(proc.threads.read([a]), { delays: new Map() }, "no threads yet, but it is seen");
  proc.addThread(100, 101, "CPU 0/KVM", "1 20 3");
  proc.nowMs = 40_000;
  assert.deepEqual(proc.threads.read([a]), { delays: new Map([[a.run, { stealNs: 20n }]]) });
  assert.deepEqual(proc.threads.read([]), { delays: new Map() });
});

Deno.test("VcpuThreads reads the scheduler's own statistics only where they are on", () => {
  const proc = new FakeProc();
  proc.addQemu(100, A, ["1 20 3", "1 5 3"]);
  proc.files.set("/proc/100/task/101/sched", "wait_sum          :    1.000002\n");
  proc.files.set("/proc/100/task/102/sched", "se.statistics.wait_sum : 2.000000\n");
  const a = { run: {}, uuid: A };
  const delay = () => proc.threads.read([a]).delays.get(a.run);
  assert.deepEqual(delay(), { stealNs: 25n });
  proc.files.set("/proc/sys/kernel/sched_schedstats", "1\n");
  assert.deepEqual(delay(), { stealNs: 25n, waitNs: 3_000_002n });
  proc.files.set("/proc/100/task/102/sched", "nr_switches : 1\n");
  assert.deepEqual(delay(), { stealNs: 25n });
});

Deno.test("parseRunDelay knows a kernel that does not count", () => {
  assert.equal(parseRunDelay("6172809 43913913 175\n"), 43913913n);
  assert.equal(parseRunDelay("5 0 1\n"), 0n);
  for (const odd of ["0 0 0\n", "", "1 2\n", "1 2 3 4\n", "1 -2 3\n"]) {
    assert.equal(parseRunDelay(odd), undefined, odd);
  }
});

Deno.test("parseWaitSum reads milliseconds to the nanosecond", () => {
  const text =
    "se.vruntime    :   3.510995\nwait_sum       :  9007199254740993.000001\nprio : 120\n";
  assert.equal(parseWaitSum(text), 9007199254740993000001n);
  assert.equal(parseWaitSum("se.statistics->wait_sum : 1.500000\n"), 1_500_000n);
  for (const odd of ["", "iowait_sum : 1.000000\n", "wait_sum : 1.5\n", "wait_sum : -1.000000\n"]) {
    assert.equal(parseWaitSum(odd), undefined, odd);
  }
});

Deno.test("parseRunDelay and parseWaitSum answer whatever the text", () => {
  const parts = fc.constantFrom(
    "wait_sum",
    " ",
    ":",
    "1",
    "0.",
    "000000",
    "\n",
    "-",
    "se.statistics.",
  );
  const text = fc.oneof(fc.string({ unit: "binary" }), fc.array(parts).map((all) => all.join("")));
  fc.assert(
    fc.property(text, (text) => {
      for (const value of [parseRunDelay(text), parseWaitSum(text)]) {
        assert.ok(value === undefined || value >= 0n);
      }
    }),
    { seed: 6, numRuns: 500 },
  );
});
