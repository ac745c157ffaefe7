import { LibvirtNode } from "../integration/libvirt_node.ts";
import { NodeExporter } from "./node_exporter_process.ts";
import { RealProcess } from "./real_process.ts";

const WAIT_MS = 30_000;
const GUEST = {
  name: "instance-00000001",
  uuid: "6695eb01-f6a4-4304-89aa-97f2502e1931",
  bare: true,
};

Deno.test("binary sees QEMU's threads beside a process with a command line of more than a megabyte", async () => {
  await using _neighbour = new RealProcess("sh", [
    ...["-c", "kill -STOP $$", "sh"],
    // The kernel takes at most 128 KiB for one of them.
    ...Array<string>(12).fill("x".repeat(100_000)),
  ]);
  await using node = await LibvirtNode.start();
  await node.createGuest(GUEST);
  await using exporter = await NodeExporter.start(node);
  await exporter.values(
    "the guest's steal",
    WAIT_MS,
    (values) => [...values.keys()].some((key) => key.startsWith("oie_cpu_steal_seconds_total{")),
  );
});
