import assert from "node:assert/strict";
import { RealProcess } from "./real_process.ts";
import { freePort } from "./wait_until.ts";

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

  private constructor(process: RealProcess, base: string) {
    this.process = process;
    this.#base = base;
  }

  /** Starts it with `folder`/prometheus.yml and its data in the same folder. */
  static start(folder: string): PrometheusServer {
    const address = `127.0.0.1:${freePort()}`;
    const process = new RealProcess("prometheus", [
      `--config.file=${folder}/prometheus.yml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${address}`,
    ]);
    return new PrometheusServer(process, `http://${address}`);
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

  [Symbol.asyncDispose](): Promise<void> {
    return this.process[Symbol.asyncDispose]();
  }
}

function seriesOf({ result }: QueryData): readonly Series[] {
  return result.map(({ metric, value, values = value ? [value] : [] }) => ({
    metric,
    samples: values,
  }));
}
