import { type IpAddress, parseIpAddress } from "../address/ip_address.ts";
import { diskTier, diskUuid } from "./disk_source.ts";
import type { InstanceDescription, InstanceDisk, InstanceInterface } from "./instance.ts";
import { portOf } from "./port.ts";
import { parseMemoryKib, parseVcpus } from "./quantity.ts";

/** The texts of Nova's metadata. */
type TextField =
  | "metadataVersion"
  | "displayName"
  | "flavor"
  | "projectUuid"
  | "projectName"
  | "userUuid"
  | "userName"
  | "rootType"
  | "createdAt";

/** Where a number of vCPUs or an amount of memory comes from. */
type Origin = "current" | "maximum" | "flavor";

interface DiskDraft {
  readonly type: string;
  readonly isDisk: boolean;
  name?: string;
  path?: string;
  device?: string;
  serial?: string;
}

/** What the XML says of a virtual network interface; its port may be known only at the end. */
type InterfaceDraft = {
  -readonly [Key in Exclude<keyof InstanceInterface, "portUuid"> | "interfaceId"]?: string;
};

/**
 * An instance while its XML is read. Where the XML says a thing twice, the first saying counts.
 */
export class DomainDraft {
  readonly #texts = new Map<TextField, string>();
  readonly #vcpus = new Map<Origin, number>();
  readonly #memoryKib = new Map<Origin, number>();
  readonly #fixedIps = new Map<
    string,
    { readonly address: IpAddress; readonly ports: Set<string> }
  >();
  readonly #disks = new Map<string, InstanceDisk>();
  readonly #blockDevices = new Set<string>();
  #port = "";
  readonly #interfaces = new Map<string, InterfaceDraft>();
  readonly #ports = new Set<string>();
  #unit = "";
  #disk: DiskDraft | undefined;
  #interface: InterfaceDraft | undefined;

  setText(field: TextField, text: string | undefined): void {
    if (text !== undefined && text !== "") setFirst(this.#texts, field, text);
  }

  setVcpus(origin: Origin, text: string | undefined): void {
    setFirst(this.#vcpus, origin, parseVcpus(text ?? ""));
  }

  /** The unit of the memory element whose text comes next. */
  setUnit(unit: string | undefined): void {
    this.#unit = unit ?? "";
  }

  setMemory(origin: Origin, text: string, unit = this.#unit): void {
    setFirst(this.#memoryKib, origin, parseMemoryKib(text, unit));
  }

  addFixedIp(text: string | undefined): void {
    const address = parseIpAddress((text ?? "").trim());
    if (address === undefined) return;
    setFirst(this.#fixedIps, address.text, { address, ports: new Set() });
    if (this.#port !== "") this.#fixedIps.get(address.text)?.ports.add(this.#port);
  }

  /** A port, whose addresses come next. */
  addPort(uuid: string | undefined): void {
    this.#port = (uuid ?? "").trim().toLowerCase();
    if (uuid) this.#ports.add(uuid);
  }

  openInterface(): void {
    this.#interface = {};
  }

  setInterface(key: keyof InterfaceDraft, text: string | undefined): void {
    if (this.#interface !== undefined && text) this.#interface[key] ??= text;
  }

  closeInterface(): void {
    setFirst(this.#interfaces, this.#interface?.device ?? "", this.#interface);
    this.#interface = undefined;
  }

  openDisk(type: string | undefined, device: string | undefined): void {
    this.#disk = { type: type ?? "", isDisk: device === undefined || device === "disk" };
  }

  setDiskSource(source: Readonly<Record<string, string>>): void {
    if (this.#disk === undefined) return;
    this.#disk.name ??= source["name"] ?? "";
    this.#disk.path ??= source["file"] ?? source["dev"] ?? source["dir"] ?? source["volume"] ??
      source["path"] ?? "";
  }

  setDiskTarget(device: string | undefined): void {
    if (this.#disk !== undefined && device) this.#disk.device ??= device;
  }

  setDiskSerial(serial: string): void {
    if (this.#disk !== undefined) this.#disk.serial ??= serial.trim();
  }

  closeDisk(): void {
    const { device, type = "", isDisk, name = "", path = "", serial = "" } = this.#disk ?? {};
    this.#disk = undefined;
    if (device === undefined) return;
    this.#blockDevices.add(device);
    if (!isDisk) return;
    const source = { type, name, path, serial };
    setFirst(this.#disks, device, { device, tier: diskTier(source), uuid: diskUuid(source) });
  }

  finish(): InstanceDescription {
    const text = (field: TextField) => this.#texts.get(field) ?? "";
    return {
      metadataVersion: text("metadataVersion"),
      displayName: text("displayName"),
      flavor: text("flavor"),
      projectUuid: text("projectUuid"),
      projectName: text("projectName"),
      userUuid: text("userUuid"),
      userName: text("userName"),
      rootType: text("rootType"),
      createdAt: text("createdAt"),
      vcpus: firstOf(this.#vcpus),
      memoryKib: firstOf(this.#memoryKib),
      fixedIps: [...this.#fixedIps.values()].map(({ address }) => address),
      fixedIpPorts: [...this.#fixedIps.values()].map(({ ports }) => [...ports]),
      disks: [...this.#disks.values()],
      interfaces: this.#finishInterfaces(),
      blockDevices: [...this.#blockDevices],
    };
  }

  #finishInterfaces(): InstanceInterface[] {
    return [...this.#interfaces].filter(([device]) => device !== "").map(([device, draft]) => ({
      device,
      mac: draft.mac ?? "",
      bridge: draft.bridge ?? "",
      model: draft.model ?? "",
      portUuid: draft.interfaceId ?? portOf(device, this.#ports) ?? "",
      mtu: draft.mtu ?? "",
    }));
  }
}

function setFirst<K, V>(map: Map<K, V>, key: K, value: V | undefined): void {
  if (value !== undefined && !map.has(key)) map.set(key, value);
}

function firstOf(values: ReadonlyMap<Origin, number>): number | undefined {
  return values.get("current") ?? values.get("maximum") ?? values.get("flavor");
}
