import assert from "node:assert/strict";
import { RealProcess } from "./real_process.ts";
import { freePort, waitUntil } from "./wait_until.ts";

/** How a scrape of a target ended. */
export interface Target {
  readonly health: string;
  readonly lastError: string;
}

/** A series of an instant query. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

/** A real Prometheus that scrapes one port of 127.0.0.1 as its job `oie`. */
export class Prometheus implements AsyncDisposable {
  readonly #process: RealProcess;
  readonly #folder: string;
  readonly #base: string;

  private constructor(process: RealProcess, folder: string, base: string) {
    this.#process = process;
    this.#folder = folder;
    this.#base = base;
  }

  /** @param every Scrape interval and timeout, as Prometheus writes durations. */
  static async start(targetPort: number, every: string): Promise<Prometheus> {
    const folder = await Deno.makeTempDir({ prefix: "oie-prometheus-" });
    const config = {
      global: { scrape_interval: every, scrape_timeout: every },
      scrape_configs: [
        { job_name: "oie", static_configs: [{ targets: [`127.0.0.1:${targetPort}`] }] },
      ],
    };
    // JSON is YAML.
    await Deno.writeTextFile(`${folder}/prometheus.yml`, JSON.stringify(config));
    const port = freePort();
    const process = new RealProcess("prometheus", [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ]);
    return new Prometheus(process, folder, `http://127.0.0.1:${port}`);
  }

  /** What it has written so far. */
  get output(): string {
    return this.#process.output;
  }

  /** Waits for its first scrape of the target to end. */
  async target(withinMs: number): Promise<Target> {
    return await waitUntil("a scrape", async () => {
      const { activeTargets } = await this.#api<{ activeTargets: readonly Target[] }>("targets");
      return activeTargets.find(({ health }) => health !== "unknown");
    }, { withinMs, describe: () => this.output });
  }

  async query(expression: string): Promise<readonly Series[]> {
    const path = `query?query=${encodeURIComponent(expression)}`;
    return (await this.#api<{ result: readonly Series[] }>(path)).result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
    await Deno.remove(this.#folder, { recursive: true });
  }

  async #api<T>(path: string): Promise<T> {
    const response = await fetch(`${this.#base}/api/v1/${path}`);
    const { status, data } = await response.json();
    assert.equal(status, "success", path);
    return data;
  }
}
