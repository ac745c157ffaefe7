import { LibvirtReader } from "../../lib/reading/libvirt_reader.ts";
import { LibvirtNode } from "../integration/libvirt_node.ts";
import type { Bench, BenchRow } from "./bench.ts";
import { median } from "./median.ts";

const BAR = 1.3;

/** Whole readings of a node with running guests, against a C program that makes the bulk call. */
const bulkBench: Bench = {
  name: "bulk",
  async run({ smoke }) {
    const guests = smoke ? 3 : 100;
    await using node = await LibvirtNode.start();
    for (let number = 1; number <= guests; number++) {
      await node.createGuest({
        name: `instance-${number.toString(16).padStart(8, "0")}`,
        uuid: `00000000-0000-4000-8000-${number.toString().padStart(12, "0")}`,
        fixedIps: [`10.0.0.${number}`],
        bare: true,
      });
    }
    return [await compare(node.uri, guests, smoke ? 3 : 15)];
  },
};

export default bulkBench;

async function compare(uri: string, guests: number, rounds: number): Promise<BenchRow> {
  await using floor = await startFloor(uri);
  using reader = new LibvirtReader(uri, { intervalMs: 10_000 });
  const ours: number[] = [];
  const theirs: number[] = [];
  // The first round connects and fetches all XML.
  for (let round = -1; round < rounds; round++) {
    const start = performance.now();
    const reading = reader.read();
    const oursMs = performance.now() - start;
    if (!reading.up) throw reading.error;
    const { ms, domains } = await floor.call();
    if (reading.domains.length !== guests || domains !== guests) {
      throw new Error(`Cannot compare: ${reading.domains.length} of ${guests} guests were read`);
    }
    if (round < 0) continue;
    ours.push(oursMs);
    theirs.push(ms);
  }
  const ratio = median(ours) / median(theirs);
  return {
    what: `libvirt: one reading of ${guests} running guests`,
    ours: `${median(ours).toFixed(1)} ms`,
    against: `C bulk call ${median(theirs).toFixed(1)} ms`,
    ratio,
    bar: `<= ${BAR} x`,
    pass: ratio <= BAR,
  };
}

interface Floor extends AsyncDisposable {
  call(): Promise<{ readonly ms: number; readonly domains: number }>;
}

async function startFloor(uri: string): Promise<Floor> {
  const program = await Deno.makeTempFile({ prefix: "oie-bulk-floor-" });
  const source = new URL("./bulk_floor.c", import.meta.url).pathname;
  const args = ["-O2", "-o", program, source, "-lvirt"];
  const { success, stderr } = await new Deno.Command("gcc", { args }).output();
  if (!success) throw new Error(`Cannot compile the floor: ${new TextDecoder().decode(stderr)}`);
  const child = new Deno.Command(program, { args: [uri], stdin: "piped", stdout: "piped" }).spawn();
  const writer = child.stdin.getWriter();
  const reader = child.stdout.getReader();
  return {
    async call() {
      await writer.write(new TextEncoder().encode("\n"));
      // One short line a call, flushed: it arrives in one piece.
      const { value } = await reader.read();
      if (value === undefined) throw new Error("Cannot make the bulk call with the C program");
      const [ns, domains] = new TextDecoder().decode(value).split(" ");
      return { ms: Number(ns) / 1e6, domains: Number(domains) };
    },
    async [Symbol.asyncDispose]() {
      await writer.close();
      await reader.cancel();
      await child.status;
      await Deno.remove(program);
    },
  };
}
