import assert from "node:assert/strict";
import { RealProcess } from "./real_process.ts";
import { freePort, waitUntil } from "./wait_until.ts";

/** One series of an answer. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>;
  /** Times in seconds and values as text: one of an instant query, several of a range. */
  readonly samples: readonly (readonly [number, string])[];
}

/** A target as Prometheus sees it. */
export interface Target {
  readonly labels: Readonly<Record<string, string>>;
  readonly health: string;
  readonly lastError: string;
}

/** What a target's page says of a family. */
export interface Metadata {
  readonly metric: string;
  readonly type: string;
  /** Empty without one. */
  readonly unit: string;
}

interface QueryData {
  readonly resultType: string;
  readonly result: readonly {
    readonly metric: Readonly<Record<string, string>>;
    readonly value?: readonly [number, string];
    readonly values?: readonly (readonly [number, string])[];
  }[];
}

/** A real Prometheus of a test's own; leaving its scope ends it. */
export class PrometheusServer implements AsyncDisposable {
  readonly process: RealProcess;
  readonly #base: string;
  readonly #release: () => Promise<void>;

  private constructor(folder: string, release: () => Promise<void> = () => Promise.resolve()) {
    const address = `127.0.0.1:${freePort()}`;
    this.process = new RealProcess("prometheus", [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${address}`,
    ]);
    this.#base = `http://${address}`;
    this.#release = release;
  }

  /** Starts it with `folder`/prometheus.yml and its data in the same folder. */
  static start(folder: string): PrometheusServer {
    return new PrometheusServer(folder);
  }

  /**
   * Starts it in a folder of its own, to scrape one port of 127.0.0.1 as its job `oie`.
   *
   * @param every Scrape interval and timeout, as Prometheus writes durations.
   */
  static async startFor(targetPort: number, every: string): Promise<PrometheusServer> {
    const folder = await Deno.makeTempDir({ prefix: "oie-prometheus-" });
    const config = {
      global: { scrape_interval: every, scrape_timeout: every },
      scrape_configs: [
        { job_name: "oie", static_configs: [{ targets: [`127.0.0.1:${targetPort}`] }] },
      ],
    };
    // JSON is YAML.
    await Deno.writeTextFile(`${folder}/prometheus.yml`, JSON.stringify(config));
    return new PrometheusServer(folder, () => Deno.remove(folder, { recursive: true }));
  }

  /**
   * What its API answers below `/api/v1/`.
   *
   * @throws {AssertionError} If it is no success, with Prometheus' reason.
   */
  async get<T>(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<T> {
    const response = await fetch(`${this.#base}/api/v1/${path}?${new URLSearchParams(parameters)}`);
    const { status, data, error } = await response.json();
    assert.equal(status, "success", `${path} ${JSON.stringify(parameters)}: ${error}`);
    return data;
  }

  /** Its targets that are not waiting for their first scrape. */
  async targets(): Promise<readonly Target[]> {
    const { activeTargets } = await this.get<{ activeTargets: readonly Target[] }>("targets");
    return activeTargets.filter(({ health }) => health !== "unknown");
  }

  /** Waits until so many targets were scraped. */
  async scraped(count: number, withinMs: number): Promise<readonly Target[]> {
    return await waitUntil(`${count} scraped targets`, async () => {
      const found = await this.targets();
      return found.length === count ? found : undefined;
    }, { withinMs, describe: () => this.process.output });
  }

  /** What its targets' pages say of their families. */
  async metadata(): Promise<readonly Metadata[]> {
    return await this.get("targets/metadata");
  }

  /** What the expression says now. */
  async query(expression: string): Promise<readonly Series[]> {
    return seriesOf(await this.get("query", { query: expression }));
  }

  /** What the expression said every second of the last ones. */
  async queryRange(expression: string, seconds: number): Promise<readonly Series[]> {
    const end = Date.now() / 1000;
    const range = { start: `${end - seconds}`, end: `${end}`, step: "1" };
    return seriesOf(await this.get("query_range", { query: expression, ...range }));
  }

  /** Value of a query with one answer; undefined without one. */
  async value(expression: string): Promise<number | undefined> {
    const [first] = await this.query(expression);
    const text = first?.samples[0]?.[1];
    return text === undefined ? undefined : Number(text);
  }

  /** What its own `/metrics` says. */
  async ownPage(): Promise<string> {
    const response = await fetch(`${this.#base}/metrics`);
    return await response.text();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process[Symbol.asyncDispose]();
    await this.#release();
  }
}

function seriesOf({ result }: QueryData): readonly Series[] {
  return result.map(({ metric, value, values = value ? [value] : [] }) => ({
    metric,
    samples: values,
  }));
}
