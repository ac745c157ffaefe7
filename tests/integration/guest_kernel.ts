import { isFresh } from "../cached_file.ts";
import { DebianRoot } from "../debian_root.ts";

/** What QEMU starts a guest with a real Linux from. */
export interface GuestKernel {
  /** Path of the kernel. */
  readonly kernel: string;
  /** Path of the first root file system, which the guest never leaves. */
  readonly initramfs: string;
}

/** In the order in which the kernel takes them: each needs those before it. */
const MODULES = [
  "virtio/virtio_ring",
  "virtio/virtio",
  "virtio/virtio_pci_legacy_dev",
  "virtio/virtio_pci_modern_dev",
  "virtio/virtio_pci",
  "virtio/virtio_balloon",
  "block/virtio_blk",
];

/**
 * The only process of the guest. It swaps to `vda` what a temporary file system takes beyond the
 * memory, then reads that back, and writes, flushes and reads `vdb`, over and over.
 */
const INIT = `#!/bin/busybox sh
b=/bin/busybox
$b mount -t proc proc /proc
$b mount -t devtmpfs devtmpfs /dev
for module in ${MODULES.map((path) => path.split("/")[1]).join(" ")}; do
  $b insmod /modules/$module.ko
done
$b mkswap /dev/vda
$b swapon /dev/vda
$b mount -t tmpfs -o size=200m tmpfs /tmp
$b dd if=/dev/zero of=/tmp/fill bs=1M count=48
echo filled
while :; do
  $b dd if=/dev/zero of=/dev/vdb bs=64k count=4 conv=fsync
  $b dd if=/dev/vdb of=/dev/null bs=64k count=4 iflag=direct
  $b cat /tmp/fill > /dev/null
  $b sleep 1
done
`;

/** Fetches Debian's kernel and busybox, and makes both files in \`/out\`. */
const MAKE = `set -e
mkdir -p /out /fetched
cd /fetched
apt-get -q update
image=$(apt-cache depends --important linux-image-cloud-amd64 | sed -n 's/^  Depends: \\(linux-image-.*\\)/\\1/p' | head -n 1)
apt-get -q -o APT::Sandbox::User=root download "$image" busybox-static
for deb in *.deb; do dpkg-deb -x "$deb" /tree; done
cp /tree/boot/vmlinuz-* /out/kernel
cd /guest
mkdir -p bin modules proc dev tmp
cp /tree/bin/busybox bin/
for module in ${
  MODULES.join(" ")
}; do cp /tree/lib/modules/*/kernel/drivers/$module.ko modules/; done
find . | /tree/bin/busybox cpio -o -H newc | gzip -1 > /out/initramfs
`;

/**
 * Debian's kernel for virtual machines with a root of a few files: its guest needs 96 MiB and is up
 * after 5 s without KVM. Both files are kept in the user's cache folder for a week. Needs root and
 * mmdebstrap; the first call of a week takes about 15 s.
 *
 * @throws {Error} If it cannot be fetched; with the messages of the program that failed.
 */
export async function guestKernel(): Promise<GuestKernel> {
  const home = Deno.env.get("XDG_CACHE_HOME") || `${Deno.env.get("HOME") ?? "/root"}/.cache`;
  const folder = `${home}/openstack_instance_exporter`;
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  // A change of what is in it is another file.
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(INIT + MAKE)),
  );
  const path = `${folder}/guest-${digest.toHex().slice(0, 16)}`;
  using lock = await Deno.open(`${path}.lock`, { create: true, write: true });
  await lock.lock(true);
  const files = { kernel: `${path}.kernel`, initramfs: `${path}.initramfs` };
  if (!await isFresh(files.initramfs)) await make(files);
  return files;
}

async function make({ kernel, initramfs }: GuestKernel): Promise<void> {
  await using root = await DebianRoot.make();
  await Deno.mkdir(`${root.path}/guest`);
  await Deno.writeTextFile(`${root.path}/guest/init`, INIT, { mode: 0o755 });
  await root.run("sh", "-c", MAKE);
  await Deno.copyFile(`${root.path}/out/kernel`, kernel);
  // The last one to be there: with it, both are.
  await Deno.copyFile(`${root.path}/out/initramfs`, initramfs);
}
