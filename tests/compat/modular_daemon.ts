import type { DebianRoot } from "../debian_root.ts";

/** What libvirt's QEMU daemon is built with, and nothing that it can do without. */
const BUILD_PACKAGES = [
  ...["dpkg-dev", "gcc", "libc6-dev", "meson", "ninja-build", "pkgconf", "gettext"],
  ...["libxml2-utils", "xsltproc", "python3-docutils", "rpcsvc-proto"],
  ...["libglib2.0-dev", "libgnutls28-dev", "libjson-c-dev", "libtirpc-dev", "libxml2-dev"],
  ...["libnl-3-dev", "libnl-route-3-dev"],
];

const SETTINGS = [
  ...["--prefix=/opt/libvirt", "--sysconfdir=/etc", "--localstatedir=/var", "--buildtype=plain"],
  ...["auto_features", "docs", "nls", "tests"].map((feature) => `-D${feature}=disabled`),
  ...["driver_qemu", "driver_libvirtd", "driver_remote", "json_c", "libnl"].map((feature) =>
    `-D${feature}=enabled`
  ),
  ...["runstatedir=/run", "qemu_user=root", "qemu_group=root"].map((set) => `-D${set}`),
];

/**
 * Builds the modular daemon virtqemud of the root's own libvirt, which Debian has as source only, and puts
 * it on the root's path beside the packaged libvirtd. The libraries of the packages stay what programs
 * load. Some minutes.
 *
 * @throws {Error} If a step fails; with what it wrote.
 */
export async function buildVirtqemud(root: DebianRoot): Promise<void> {
  const shell = (script: string) => root.run("sh", "-ec", script);
  await shell("sed 's/^deb /deb-src /' /etc/apt/sources.list > /etc/apt/sources.list.d/src.list");
  await root.run("apt-get", "-q", "update");
  await root.run("apt-get", "-qy", "install", "--no-install-recommends", ...BUILD_PACKAGES);
  // The archive is what counts, and apt verifies it; some mirrors lack the descriptions beside it.
  await shell("mkdir /build; cd /build; apt-get -q source --download-only libvirt || true");
  await shell("cd /build; tar -xf libvirt_*.orig.tar.xz; mv libvirt-*/ libvirt");
  await shell(`cd /build/libvirt; meson setup out ${SETTINGS.join(" ")}`);
  await shell("cd /build/libvirt; ninja -C out; meson install -C out --no-rebuild");
  await Deno.writeTextFile(
    `${root.path}/usr/local/sbin/virtqemud`,
    '#!/bin/sh\nLD_LIBRARY_PATH=$(echo /opt/libvirt/lib/*-linux-gnu) exec /opt/libvirt/sbin/virtqemud "$@"\n',
    { mode: 0o755 },
  );
}
