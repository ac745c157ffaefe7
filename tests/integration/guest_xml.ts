import type { GuestKernel } from "./guest_kernel.ts";

/** A guest for a test. */
export interface GuestOptions {
  /** libvirt's name, such as `instance-00000001`. */
  readonly name: string;
  readonly uuid: string;
  readonly projectUuid?: string;
  readonly projectName?: string;
  readonly userUuid?: string;
  readonly userName?: string;
  readonly flavor?: string;
  readonly fixedIps?: readonly string[];
  /** Host devices; one with a free name unless given. They must be unique on the node. */
  readonly interfaces?: readonly string[];
  /**
   * Whether its vCPU spins, or writes half a MiB of memory over and over, or panics, after which libvirt
   * keeps the domain as it is; otherwise the guest sleeps for good.
   */
  readonly busy?: boolean | "writing" | "panicking";
  /** Number of vCPUs; 1 unless given. */
  readonly vcpus?: number;
  /** Number of vCPUs that may be plugged in while it runs; {@link vcpus} unless given. */
  readonly mostVcpus?: number;
  /**
   * Whether it starts without a BIOS and so costs no CPU, where a BIOS costs seconds under nested
   * virtualization; it then reads nothing from its disks.
   */
  readonly bare?: boolean;
  /**
   * A kernel for a guest that runs Linux: it has more memory, a `vda` to swap to and a balloon that
   * tells its figures each second. Without KVM, which not every machine can give to a Linux.
   */
  readonly linux?: GuestKernel;
  /** Whether it has no balloon, as an image's properties may have it; libvirt gives one unless it does. */
  readonly withoutBalloon?: boolean;
  /** Whether it has an empty CD-ROM drive, `hda`. */
  readonly cdrom?: boolean;
}

/** What the node decides of a guest. */
export interface GuestSetting {
  /** `kvm` or `qemu`. */
  readonly kind: string;
  readonly rootDisk: string;
  readonly dataDisk: string;
  /** Firmware image in the BIOS's place, for a bare guest. */
  readonly firmware?: string;
}

/** Debian's kernel gives up with less. */
const LINUX_MIB = 96;

/** The guest's own id with another first digit: a Cinder volume id that a test can foresee. */
export function dataVolumeUuid(uuid: string): string {
  return `d${uuid.slice(1)}`;
}

/** A domain as Nova would write it, small enough to start by the hundred. */
export function guestXml(guest: GuestOptions, setting: GuestSetting): string {
  const interfaces = (guest.interfaces ?? []).map((device) =>
    // A boot ROM of the network takes a BIOS most of its time.
    `<interface type="ethernet"><target dev="${device}"/><model type="virtio"/><mtu size="1450"/>` +
    `<rom enabled="no"/></interface>`
  );
  const boot = guest.linux
    ? `<kernel>${guest.linux.kernel}</kernel><initrd>${guest.linux.initramfs}</initrd>` +
      `<cmdline>quiet panic=-1</cmdline>`
    : setting.firmware === undefined
    ? ""
    : `<loader type="rom">${setting.firmware}</loader>`;
  const balloon = guest.linux
    ? `<memballoon model="virtio"><stats period="1"/></memballoon>`
    : guest.withoutBalloon
    ? `<memballoon model="none"/>`
    : "";
  const cdrom = guest.cdrom
    ? `<disk type="file" device="cdrom"><target dev="hda" bus="ide"/><readonly/></disk>`
    : "";
  const panic = guest.busy === "panicking" ? `<panic model="isa"/>` : "";
  const { vcpus = 1, mostVcpus = vcpus } = guest;
  return `<domain type="${setting.kind}">
  <name>${guest.name}</name>
  <uuid>${guest.uuid}</uuid>
  <metadata>
    ${novaMetadata(guest)}
  </metadata>
  <memory unit="MiB">${guest.linux ? LINUX_MIB : 16}</memory>
  <vcpu current="${vcpus}">${mostVcpus}</vcpu>
  <os><type arch="x86_64" machine="pc">hvm</type>${boot}</os>
  <features><acpi/></features>
  <on_crash>${panic ? "preserve" : "destroy"}</on_crash>
  <devices>
    <disk type="file" device="disk">
      <driver name="qemu" type="raw"/>
      <source file="${setting.rootDisk}"/>
      <target dev="vda" bus="virtio"/>
    </disk>
    <disk type="file" device="disk">
      <driver name="qemu" type="raw"/>
      <source file="${setting.dataDisk}"/>
      <target dev="vdb" bus="virtio"/>
      <serial>${dataVolumeUuid(guest.uuid)}</serial>
    </disk>
    ${[cdrom, ...interfaces, balloon, panic].join("\n    ")}
  </devices>
</domain>
`;
}

/** The namespace of Nova's metadata. */
export const NOVA_NAMESPACE = "http://openstack.org/xmlns/libvirt/nova/1.1";

/** What Nova writes of a guest into its domain's metadata. */
export function novaMetadata(guest: GuestOptions): string {
  const ips = (guest.fixedIps ?? []).map((ip) =>
    `<nova:port uuid="${guest.uuid}"><nova:ip type="fixed" address="${ip}"/></nova:port>`
  );
  return `<nova:instance xmlns:nova="${NOVA_NAMESPACE}">
      <nova:package version="29.2.1"/>
      <nova:name>${guest.name}</nova:name>
      <nova:creationTime>2025-06-01 12:00:00</nova:creationTime>
      <nova:flavor name="${escapeXml(guest.flavor ?? "t1.nano")}">
        <nova:memory>16</nova:memory>
        <nova:vcpus>${guest.vcpus ?? 1}</nova:vcpus>
      </nova:flavor>
      <nova:owner>
        <nova:user uuid="${guest.userUuid ?? ""}">${escapeXml(guest.userName ?? "")}</nova:user>
        <nova:project uuid="${guest.projectUuid ?? ""}">${
    escapeXml(guest.projectName ?? "")
  }</nova:project>
      </nova:owner>
      <nova:root type="image"/>
      <nova:ports>${ips.join("")}</nova:ports>
    </nova:instance>`;
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
