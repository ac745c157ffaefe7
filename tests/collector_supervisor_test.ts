import assert from "node:assert/strict";
import {
  CollectorSupervisor,
  type SupervisedThread,
  type SupervisorOptions,
} from "../lib/collector_supervisor.ts";
import type { CollectorEvents } from "../lib/collector_thread.ts";
import type { Config } from "../lib/config/config.ts";
import type { PageMessage } from "../lib/messages.ts";
import { type Phase, Pulse } from "../lib/pulse.ts";
import { configOf } from "./collectors/readings.ts";

/** A page of `instances` instances: all that these tests tell pages by. */
function page(instances: number, isComplete: boolean): PageMessage {
  const body = { plain: new Uint8Array(), gzip: new Uint8Array(), segments: [] };
  return {
    type: "page",
    text: { body, stalled: body },
    openMetrics: undefined,
    snapshot: body,
    stalledSnapshot: body,
    lifetimeMs: 600_000,
    isComplete,
    libvirtUp: isComplete,
    conntrackUp: true,
    instances,
    series: 0,
    collectors: [],
  };
}

/** A supervisor whose threads, clock and libvirt a test moves. */
class Scene implements AsyncDisposable {
  nowMs = 0;
  sockets = 1;
  onWake = () => {};
  /** Settles when the thread that is told to stop has ended. */
  stopped: Promise<void> = Promise.resolve();
  readonly told: string[] = [];
  readonly threads: { events: CollectorEvents; config: Config; pulse: Pulse }[] = [];
  readonly supervisor: CollectorSupervisor;

  constructor() {
    const tell = (message: string, fields = {}) => {
      const words = Object.entries(fields).filter(([key]) => key !== "stack");
      this.told.push([message, ...words.map(([key, value]) => `${key}=${value}`)].join("; "));
    };
    const options: SupervisorOptions = {
      now: () => this.nowMs,
      logger: { error: tell, notice: tell, info: tell, debug: tell },
      log: () => {},
      contacts: () => {},
      page: ({ instances }) => this.told.push(`page ${instances}`),
      cycled: ({ instances }) => this.told.push(`cycle ${instances}`),
      replaced: () => this.told.push(`replaced by ${this.threads.length}`),
      wake: () => {
        this.told.push("wake");
        this.onWake();
        return this.sockets;
      },
      startThread: (config, events) => this.#startThread(config, events),
    };
    this.supervisor = new CollectorSupervisor(configOf(), options);
  }

  /** The newest thread. */
  get thread() {
    return this.threads.at(-1) ?? assert.fail("no thread");
  }

  /** Lets the newest thread be silent in a phase, looked at each second. */
  silence(phase: Phase, seconds: number): void {
    this.thread.pulse.beat(phase);
    for (let second = 0; second <= seconds; second++) {
      this.nowMs += 1000;
      this.supervisor.look();
    }
  }

  /** What was told since the last time. */
  takeTold(): string[] {
    return this.told.splice(0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.supervisor.stop(0);
  }

  #startThread(config: Config, events: CollectorEvents): SupervisedThread {
    const pulse = new Pulse();
    this.threads.push({ events, config, pulse });
    const number = this.threads.length;
    return {
      get beat() {
        return pulse.read();
      },
      setLogLevel: () => {},
      wantOpenMetrics: () => {},
      setThreats: ({ telemetry }) => this.told.push(`${telemetry.length} lists to ${number}`),
      setOvs: (state) => this.told.push(`${state?.zones?.size} zones to ${number}`),
      stop: () => this.stopped,
      abandon: () => this.told.push(`abandon ${number}`),
    };
  }
}

Deno.test("CollectorSupervisor wakes a thread that waits for libvirt, and no more once it moves", async () => {
  await using scene = new Scene();
  scene.silence("libvirt", 31);
  assert.deepEqual(scene.takeTold(), [
    "wake",
    "libvirt does not answer, its connection was cut; connections=1",
  ]);
  scene.silence("connect", 30);
  scene.silence("idle", 30);
  assert.deepEqual(scene.takeTold(), []);
});

Deno.test("CollectorSupervisor replaces a thread that waking does not move", async () => {
  await using scene = new Scene();
  scene.silence("libvirt", 95);
  assert.deepEqual(scene.takeTold().slice(2), [
    "abandon 1",
    "A new collecting thread starts; " +
    "reason=The collecting thread is stuck in the phase libvirt; replacements=1",
    "replaced by 2",
  ]);
  assert.equal(scene.threads.length, 2);
});

Deno.test("CollectorSupervisor gives up where a call to libvirt cannot be woken: a second would join it", async () => {
  await using scene = new Scene();
  scene.sockets = 0;
  scene.silence("libvirt", 31);
  assert.match(String(await scene.supervisor.failed), /no connection to it was found/);
  assert.equal(scene.threads.length, 1);
});

Deno.test("CollectorSupervisor replaces a thread that crashed, three times an hour, then gives up", async () => {
  await using scene = new Scene();
  const crash = (text: string) => scene.thread.events.crashed(new Error(text));
  for (const text of ["a", "b", "c"]) crash(text);
  assert.equal(scene.threads.length, 4);
  scene.nowMs += 3_600_001;
  crash("d");
  assert.equal(scene.threads.length, 5, "an hour later");
  for (const text of ["e", "f", "g"]) crash(text);
  assert.equal((await scene.supervisor.failed).message, "g");
  assert.equal(scene.threads.length, 7);
  crash("h");
  assert.equal(scene.threads.length, 7, "nothing is started after the end");
});

Deno.test("CollectorSupervisor holds the pages of a new thread back while the old data lives", async () => {
  await using scene = new Scene();
  scene.thread.events.page(page(0, false));
  scene.thread.events.page(page(5, true));
  assert.deepEqual(scene.takeTold(), ["page 0", "cycle 5", "page 5"]);
  scene.thread.events.crashed(new Error("a"));
  scene.thread.events.page(page(0, false));
  scene.thread.events.page(page(1, false));
  assert.deepEqual(scene.takeTold().slice(2), ["replaced by 2", "cycle 1"]);
  scene.thread.events.page(page(5, true));
  scene.thread.events.page(page(2, false));
  assert.deepEqual(scene.takeTold(), ["cycle 5", "page 5", "cycle 2", "page 2"]);
  scene.thread.events.crashed(new Error("b"));
  scene.nowMs += 600_001;
  scene.thread.events.page(page(0, false));
  assert.deepEqual(
    scene.takeTold().slice(2),
    ["replaced by 3", "page 0"],
    "the old data is dead",
  );
});

Deno.test("CollectorSupervisor does not count time in which the whole program stood still", async () => {
  await using scene = new Scene();
  scene.thread.pulse.beat("libvirt");
  for (let look = 0; look < 20; look++) {
    scene.nowMs += 60_000;
    scene.supervisor.look();
  }
  assert.deepEqual(scene.takeTold(), []);
});

Deno.test("CollectorSupervisor starts a new thread with the log level of now", async () => {
  await using scene = new Scene();
  scene.supervisor.setLogLevel("debug");
  scene.thread.events.crashed(new Error("a"));
  assert.equal(scene.thread.config["log.level"], "debug");
});

Deno.test("CollectorSupervisor gives threat lists to the newest thread", async () => {
  await using scene = new Scene();
  const threats = () => scene.supervisor.setThreats({ type: "threats", telemetry: [] });
  threats();
  scene.thread.events.crashed(new Error("a"));
  threats();
  assert.deepEqual(scene.takeTold().filter((line) => /lists|replaced/.test(line)), [
    "0 lists to 1",
    "replaced by 2",
    "0 lists to 2",
  ]);
});

Deno.test("CollectorSupervisor tells a new thread what is known of Open vSwitch's database", async () => {
  await using scene = new Scene();
  scene.supervisor.setOvs({ zones: new Map([["p", 1]]) });
  scene.thread.events.crashed(new Error("a"));
  scene.supervisor.setOvs(undefined);
  assert.deepEqual(scene.takeTold().filter((line) => /zones/.test(line)), [
    "1 zones to 1",
    "1 zones to 2",
    "undefined zones to 2",
  ]);
});

Deno.test("CollectorSupervisor fails at once where the thread says that nothing can be collected", async () => {
  await using scene = new Scene();
  scene.thread.events.failed(new Error("no library"));
  assert.equal((await scene.supervisor.failed).message, "no library");
  scene.silence("libvirt", 200);
  assert.deepEqual([scene.threads.length, scene.takeTold()], [1, []]);
});

Deno.test("CollectorSupervisor.stop wakes a thread that waits for libvirt, until it has ended", async () => {
  const scene = new Scene();
  const ended = Promise.withResolvers<void>();
  const wokenTwice = Promise.withResolvers<void>();
  scene.stopped = ended.promise;
  let woken = 0;
  scene.onWake = () => {
    if (++woken === 2) wokenTwice.resolve();
  };
  const stopping = scene.supervisor.stop(60_000);
  assert.equal(woken, 0, "it has some time to end by itself");
  await wokenTwice.promise;
  ended.resolve();
  // The test's sanitizer sees to it that the clock has ended too.
  await stopping;
});
