/// <reference lib="deno.worker" />
/**
 * Run by the test beside it: a program of one thread, or of two, that throws where nobody catches it
 * and reports that as the exporter's threads do.
 */
import { reportCrashes } from "../../lib/crash.ts";

const [thread, kind] = Deno.args;
const isWorker = self.name === "crashing";

function crash(how: string | undefined): void {
  if (how === "throw") throw new TypeError("a defect");
  void Promise.reject(new TypeError("a defect"));
}

if (isWorker) {
  reportCrashes(self, ({ stack }) => self.postMessage(stack));
  self.onmessage = ({ data }: MessageEvent<string>) => void setTimeout(() => crash(data));
} else if (thread === "worker") {
  const worker = new Worker(import.meta.url, { type: "module", name: "crashing" });
  worker.onmessage = ({ data }: MessageEvent<string>) => {
    console.log(data);
    Deno.exit(1);
  };
  worker.postMessage(kind);
} else {
  reportCrashes(globalThis, ({ stack }) => {
    console.log(stack);
    Deno.exit(1);
  });
  setTimeout(() => crash(kind));
}
