import type { IpAddress } from "../address/ip_address.ts";

/** A domain as its XML describes it: what Nova wrote into the metadata, and its devices. */
export interface InstanceDescription {
  /** Nova's package version, `package@version`; every text is empty where the XML has none. */
  readonly metadataVersion: string;
  /** The name that its owner gave it. */
  readonly displayName: string;
  readonly flavor: string;
  readonly projectUuid: string;
  readonly projectName: string;
  readonly userUuid: string;
  readonly userName: string;
  /** `root@type`: `image`, `volume`, or empty. */
  readonly rootType: string;
  /** Text of `creationTime`, as Nova wrote it. */
  readonly createdAt: string;
  /** Current vCPUs of the live XML, else of the flavor. */
  readonly vcpus: number | undefined;
  /** Current memory of the live XML in KiB, else of the flavor. */
  readonly memoryKib: number | undefined;
  /** Without duplicates, in the order of the XML. */
  readonly fixedIps: readonly IpAddress[];
  /** UUIDs of the Neutron ports that have each fixed IP, in the order of `fixedIps`. */
  readonly fixedIpPorts: readonly (readonly string[])[];
  /** Disks with `device="disk"`, one for each target device, in the order of the XML. */
  readonly disks: readonly InstanceDisk[];
  /** Virtual network interfaces, one for each host device, in the order of the XML. */
  readonly interfaces: readonly InstanceInterface[];
  /** Target devices of every disk element, CD-ROMs and floppies included: what statistics name. */
  readonly blockDevices: readonly string[];
}

/** One disk: the three labels that every disk family carries. */
export interface InstanceDisk {
  /** Cinder volume id, or the best name that the source gives. */
  readonly uuid: string;
  /** The tier: `local`, a pool's name, `block`, or `unknown`. */
  readonly tier: string;
  /** Target device (`vda`): the key of the statistics. */
  readonly device: string;
}

/** One virtual network interface; a text that the XML does not have is empty. */
export interface InstanceInterface {
  /** The host's device (`tap...`): the key of the statistics. */
  readonly device: string;
  readonly mac: string;
  readonly bridge: string;
  /** Model that the guest sees, such as `virtio`. */
  readonly model: string;
  /** Neutron's port: the interface id of Open vSwitch, else the port that the device is named after. */
  readonly portUuid: string;
  /** MTU as the XML says it, in bytes. */
  readonly mtu: string;
}
