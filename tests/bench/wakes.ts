import { quantile } from "./median.ts";

const PERIOD_MS = 2;

/**
 * Waits for some work and sleeps meanwhile, over and over: how late the sleeps ended, p99 in milliseconds. No
 * answer can be on time on a machine that wakes nobody on time, whoever gives it.
 */
export async function lateWakes<T>(work: Promise<T>): Promise<readonly [T, number]> {
  let isOver = false;
  async function sleepOn(): Promise<number> {
    const late: number[] = [];
    while (!isOver) {
      const before = performance.now();
      await new Promise((resolve) => setTimeout(resolve, PERIOD_MS));
      late.push(performance.now() - before - PERIOD_MS);
    }
    return quantile(late, 0.99);
  }
  return await Promise.all([work.finally(() => isOver = true), sleepOn()]);
}
