import type { GuestOptions } from "../integration/guest_xml.ts";
import type { LibvirtNode } from "../integration/libvirt_node.ts";

/** Guests that the node has at once, at most: each costs memory and a second to start. */
const MOST_GUESTS = 4;
/** Where a disk and a vNIC are plugged in: the two ports of the USB controller that every guest has. */
const PORT = {
  disk: '<address type="usb" bus="0" port="1"/>',
  vnic: '<address type="usb" bus="0" port="2"/>',
};
/** The disk that can be plugged in. */
const DISK = "sda";
/** What names of vNICs that were plugged in begin with. */
const HOT = "hot";

/** A guest as it is now, which is what a page must show of it. */
interface Guest {
  readonly options: GuestOptions & { readonly fixedIps: readonly string[] };
  /** Plugged in after the start, by what a page calls it: a disk's target, a vNIC's device. */
  readonly plugged: ReadonlyMap<string, string>;
}

/** Random but the same in each run: numbers in [0, 1). (mulberry32) */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Does to the guests of a node what tenants do: they come, go, reboot, get and lose disks, vNICs and
 * fixed IPs. It knows at each moment what a page must show.
 */
export class GuestChurn {
  readonly #node: LibvirtNode;
  readonly #random: () => number;
  readonly #guests = new Map<string, Guest>();
  readonly #done = new Map<string, number>();
  #created = 0;
  #devices = 0;

  constructor(node: LibvirtNode, seed: number) {
    this.#node = node;
    this.#random = randomOf(seed);
  }

  /** How many of each operation were done. */
  get done(): ReadonlyMap<string, number> {
    return this.#done;
  }

  /** Does one operation that is possible now, and returns what it was. */
  async step(): Promise<string> {
    const operations = this.#operations();
    const [name, run] = this.#pick(operations);
    await run();
    this.#done.set(name, (this.#done.get(name) ?? 0) + 1);
    return name;
  }

  /** Gives every guest other fixed IPs, in the metadata alone. */
  async readdress(): Promise<void> {
    for (const guest of this.#guests.values()) {
      await this.#setIps(guest, guest.options.fixedIps.map(() => this.#newIp()));
    }
  }

  /** What a page must show, sorted: a line for each guest, disk and fixed IP. */
  expected(): string[] {
    return [...this.#guests.values()].flatMap(({ options, plugged }) => [
      `${options.name} ${options.uuid} ${options.projectName}`,
      ...["vda", "vdb", ...plugged.has(DISK) ? [DISK] : []].map((disk) =>
        `${options.name} ${disk}`
      ),
      ...options.fixedIps.map((ip) => `${options.name} ${ip}`),
    ]).sort();
  }

  /** Fixed IPs of all guests. */
  get fixedIps(): readonly string[] {
    return [...this.#guests.values()].flatMap(({ options }) => options.fixedIps);
  }

  /** Devices of the vNICs that there are: no counter may be of another. */
  get interfaces(): ReadonlySet<string> {
    return new Set(
      [...this.#guests.values()].flatMap(({ options, plugged }) => [
        ...options.interfaces ?? [],
        ...plugged.keys(),
      ]),
    );
  }

  #operations(): readonly (readonly [name: string, run: () => Promise<void>])[] {
    const guests = [...this.#guests.values()];
    const noDisk = guests.filter(({ plugged }) => !plugged.has(DISK));
    const noVnic = guests.filter(({ plugged }) => ![...plugged.keys()].some(isVnic));
    const changed = guests.filter(({ plugged }) => plugged.size > 0);
    const all: [name: string, isPossible: boolean, run: () => Promise<void>][] = [
      ["create", guests.length < MOST_GUESTS, () => this.#create()],
      ["destroy", guests.length > 1, () => this.#destroy(this.#pick(guests))],
      ["reboot", guests.length > 0, () => this.#reboot(this.#pick(guests))],
      ["reset", guests.length > 0, () => this.#reset(this.#pick(guests))],
      ["plug a disk", noDisk.length > 0, () => this.#plugDisk(this.#pick(noDisk))],
      ["plug a vNIC", noVnic.length > 0, () => this.#plugVnic(this.#pick(noVnic))],
      ["unplug", changed.length > 0, () => this.#unplug(this.#pick(changed))],
    ];
    return all.flatMap(([name, isPossible, run]) => isPossible ? [[name, run] as const] : []);
  }

  async #create(): Promise<void> {
    const number = ++this.#created;
    const digits = number.toString(16).padStart(8, "0");
    await this.#start({
      name: `instance-${digits}`,
      uuid: `${digits}-f6a4-4304-89aa-97f2502e1931`,
      projectName: `project ${number}`,
      fixedIps: [this.#newIp()],
      interfaces: [`tap${digits}`],
      bare: true,
    });
  }

  async #start(options: Guest["options"]): Promise<void> {
    await this.#node.createGuest(options);
    this.#guests.set(options.name, { options, plugged: new Map() });
  }

  async #destroy({ options: { name } }: Guest): Promise<void> {
    await this.#node.destroyGuest(name);
    this.#guests.delete(name);
  }

  /** Another run of the same instance: what was plugged in is gone. */
  async #reboot(guest: Guest): Promise<void> {
    await this.#destroy(guest);
    await this.#start(guest.options);
  }

  async #reset({ options }: Guest): Promise<void> {
    await this.#node.virsh("reset", options.name);
  }

  async #plugDisk(guest: Guest): Promise<void> {
    const path = await this.#node.createDisk(`${guest.options.name}.hot${++this.#devices}`);
    const source = `<source file="${path}"/><target dev="${DISK}" bus="usb"/>`;
    await this.#plug(guest, DISK, `<disk type="file">${source}${PORT.disk}</disk>`);
  }

  /** With a fixed IP of its own, which the metadata has by then. */
  async #plugVnic(guest: Guest): Promise<void> {
    const number = ++this.#devices;
    const device = `${HOT}${number}`;
    const mac = [16, 8, 0].map((bits) => (number >>> bits & 255).toString(16).padStart(2, "0"));
    await this.#setIps(guest, [...guest.options.fixedIps, this.#newIp()]);
    const renewed = this.#guests.get(guest.options.name) ?? guest;
    await this.#plug(
      renewed,
      device,
      `<interface type="ethernet"><mac address="52:54:00:${mac.join(":")}"/>` +
        `<target dev="${device}"/><model type="usb-net"/>${PORT.vnic}</interface>`,
    );
  }

  async #plug(guest: Guest, device: string, xml: string): Promise<void> {
    await this.#node.attachDevice(guest.options.name, xml);
    const plugged = new Map(guest.plugged).set(device, xml);
    this.#guests.set(guest.options.name, { ...guest, plugged });
  }

  /** A vNIC's fixed IP goes before it. */
  async #unplug(guest: Guest): Promise<void> {
    const [device, xml] = this.#pick([...guest.plugged]);
    if (isVnic(device)) await this.#setIps(guest, guest.options.fixedIps.slice(0, -1));
    const renewed = this.#guests.get(guest.options.name) ?? guest;
    await this.#node.detachDevice(guest.options.name, xml);
    const plugged = new Map(renewed.plugged);
    plugged.delete(device);
    this.#guests.set(guest.options.name, { ...renewed, plugged });
  }

  async #setIps(guest: Guest, fixedIps: readonly string[]): Promise<void> {
    const options = { ...guest.options, fixedIps };
    await this.#node.setMetadata(options);
    this.#guests.set(options.name, { ...guest, options });
  }

  #newIp(): string {
    const number = ++this.#devices;
    return `10.${number >>> 16 & 255}.${number >>> 8 & 255}.${number & 255}`;
  }

  #pick<T>(from: readonly T[]): T {
    const picked = from[Math.floor(this.#random() * from.length)];
    if (picked === undefined) throw new RangeError("Cannot pick one of none");
    return picked;
  }
}

function isVnic(device: string): boolean {
  return device.startsWith(HOT);
}
