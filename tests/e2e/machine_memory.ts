/** Bytes by the kernel's names, such as `MemTotal` (proc(5), /proc/meminfo). */
export type MemoryInfo = Readonly<Record<string, number>>;

/** What the kernel says of this machine's memory at this moment: of all, and by the number of its NUMA node. */
export async function machineMemory(): Promise<{
  readonly all: MemoryInfo;
  readonly nodes: ReadonlyMap<string, MemoryInfo>;
}> {
  const folder = "/sys/devices/system/node";
  const nodes = new Map<string, MemoryInfo>();
  for await (const { name } of Deno.readDir(folder)) {
    const number = /^node(\d+)$/.exec(name)?.[1];
    if (number !== undefined) nodes.set(number, await memoryInfo(`${folder}/${name}/meminfo`));
  }
  return { all: await memoryInfo("/proc/meminfo"), nodes };
}

async function memoryInfo(path: string): Promise<MemoryInfo> {
  const lines = (await Deno.readTextFile(path)).matchAll(/(\w+): +(\d+) kB$/gm);
  return Object.fromEntries([...lines].map(([, name, kib]) => [name, Number(kib) * 1024]));
}
