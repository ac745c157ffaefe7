import assert from "node:assert/strict";
import { watchFile } from "../../lib/threat/file_watch.ts";
import { ManualClock, settle } from "./manual_clock.ts";

/** Polls of a watched file, one after each change that is made to it, to how often it told. */
async function told(
  change: (path: string, poll: number) => void,
  polls: number,
): Promise<number[]> {
  const folder = await Deno.makeTempDir({ prefix: "oie-watch-" });
  const stop = new AbortController();
  try {
    const path = `${folder}/list.txt`;
    await Deno.writeTextFile(path, "1.2.3.4\n");
    await Deno.utime(path, 1000, 1000);
    const clock = new ManualClock();
    const at: number[] = [];
    let poll = 0;
    const ended = watchFile(path, () => at.push(poll), {
      intervalMs: 1000,
      clock,
      signal: stop.signal,
    });
    await settle();
    while (poll < polls) {
      change(path, ++poll);
      clock.advance(1000);
      while (clock.due.length === 0) await settle();
    }
    stop.abort();
    await ended;
    return at;
  } finally {
    stop.abort();
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("watchFile says nothing of a file that stays as it is", async () => {
  assert.deepEqual(await told(() => {}, 5), []);
});

Deno.test("watchFile tells a change when the file has settled, once", async () => {
  const write = (path: string, poll: number) => {
    if (poll >= 2 && poll <= 4) Deno.writeTextFileSync(path, "5.6.7.8\n".repeat(poll));
  };
  assert.deepEqual(await told(write, 8), [5]);
});

Deno.test("watchFile tells a file that was replaced by one of the same size and time", async () => {
  const replace = (path: string, poll: number) => {
    if (poll !== 3) return;
    Deno.writeTextFileSync(`${path}~`, "4.3.2.1\n");
    Deno.utimeSync(`${path}~`, 1000, 1000);
    Deno.renameSync(`${path}~`, path);
  };
  assert.deepEqual(await told(replace, 6), [4]);
});

Deno.test("watchFile tells a file that went and one that came", async () => {
  const move = (path: string, poll: number) => {
    if (poll === 2) Deno.removeSync(path);
    if (poll === 6) Deno.writeTextFileSync(path, "1.2.3.4\n");
  };
  assert.deepEqual(await told(move, 9), [3, 7]);
});

Deno.test("watchFile tells a link that points elsewhere", async () => {
  const link = (path: string, poll: number) => {
    if (poll === 1) {
      Deno.renameSync(path, `${path}.1`);
      Deno.symlinkSync(`${path}.1`, path);
    }
    if (poll === 3) {
      Deno.writeTextFileSync(`${path}.2`, "4.3.2.1\n");
      Deno.removeSync(path);
      Deno.symlinkSync(`${path}.2`, path);
    }
  };
  assert.deepEqual(await told(link, 6), [4]);
});
