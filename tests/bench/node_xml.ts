import { fixedIpOf } from "./conntrack_load.ts";

/**
 * A host for libvirt's test driver: domains with two disks, two vNICs, an IPv4 and an IPv6 address each.
 *
 * @param first Number of the first instance: hosts beside each other have others.
 */
export function nodeXml(instances: number, first = 0): string {
  const domains = Array.from({ length: instances }, (_, index) => domainXml(first + index));
  return `<node>${domains.join("")}</node>`;
}

function domainXml(index: number): string {
  const hex = (index + 1).toString(16).padStart(8, "0");
  const ips = [false, true].map((ipv6) =>
    `<nova:ip type="fixed" address="${fixedIpOf(index, ipv6)}" ipVersion="${ipv6 ? 6 : 4}"/>`
  );
  const disks = ["vda", "vdb"].map((device) =>
    `<disk type="network" device="disk"><source protocol="rbd" name="ssd/volume-${device}-${hex}"/>
     <target dev="${device}" bus="virtio"/></disk>`
  );
  const vnics = [0, 1].map((at) =>
    `<interface type="bridge"><mac address="fa:16:3e:0${at}:${hex.slice(4, 6)}:${hex.slice(6)}"/>
     <source bridge="br-int"/><target dev="tap${hex}-${at}"/></interface>`
  );
  return `<domain type="test"><name>instance-${hex}</name>
    <uuid>${hex}-7f3a-4c1e-9d42-5b8e6a3c1d20</uuid>
    <metadata><nova:instance xmlns:nova="http://openstack.org/xmlns/libvirt/nova/1.1">
      <nova:package version="29.2.1"/><nova:creationTime>2026-01-02 03:04:05</nova:creationTime>
      <nova:flavor name="m1.small"><nova:memory>2048</nova:memory><nova:vcpus>2</nova:vcpus></nova:flavor>
      <nova:owner><nova:user uuid="3b8f2d6e-1c4a-4f7b-9a5d-8c2e${hex}">user-${index}</nova:user>
      <nova:project uuid="9c1d4e7f-5a2b-4c8d-8e3f-6a1b${hex}">project-${index}</nova:project></nova:owner>
      <nova:root type="image"/><nova:ports><nova:port uuid="x">${
    ips.join("")
  }</nova:port></nova:ports>
    </nova:instance></metadata>
    <memory unit="KiB">2097152</memory><vcpu>2</vcpu><os><type>hvm</type></os>
    <devices>${disks.join("")}${vnics.join("")}</devices></domain>`;
}
