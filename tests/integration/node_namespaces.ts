/** qemu.conf of a node: guests run as root, and no other daemon takes part. */
export const QEMU_CONF = `user = "root"
group = "root"
dynamic_ownership = 0
remember_owner = 0
security_driver = "none"
stdio_handler = "file"
namespaces = [ ]
`;

/**
 * What the first process of the namespaces does: private directories for all that libvirtd keeps,
 * the accounts that its build expects, and a control group of its own, so that nodes beside each
 * other never meet. Where another system's root is named, all of that is in it too. It then waits for
 * the end of its input; with it, the kernel kills all others. Children that lost their parent are
 * reaped because the signal is ignored.
 */
export const INIT_SCRIPT = `set -e
root=$1 name=$2 system=$3
for dir in /run/libvirt /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt; do
  mkdir -p $dir
  mount -t tmpfs tmpfs $dir
done
mount --bind $root/run /run/libvirt
cp $root/qemu.conf /etc/libvirt/qemu.conf
{ grep -v '^libvirt-qemu:' /etc/passwd; echo 'libvirt-qemu:x:64055:64055::/:/usr/sbin/nologin'; } > $root/passwd
{ grep -v '^libvirt-qemu:\\|^kvm:' /etc/group; echo 'libvirt-qemu:x:64055:'; echo 'kvm:x:64056:'; } > $root/group
mount --bind $root/passwd /etc/passwd
mount --bind $root/group /etc/group
for tree in $(awk '$3 ~ /^cgroup/ {print $2}' /proc/mounts); do
  mkdir $tree/$name
  for file in cpuset.cpus cpuset.mems; do
    if [ -e $tree/$file ]; then cat $tree/$file > $tree/$name/$file; fi
  done
  if [ -e $tree/cgroup.controllers ]; then
    for controller in $(cat $tree/$name/cgroup.controllers); do
      echo +$controller > $tree/$name/cgroup.subtree_control
    done
  fi
  mount --bind $tree/$name $tree
done
if [ -n "$system" ]; then
  for dir in /proc /sys /dev /run/libvirt /etc/libvirt /var/lib/libvirt /var/cache/libvirt /var/log/libvirt $root; do
    mkdir -p $system$dir
    mount --rbind $dir $system$dir
  done
  mount --bind $root/passwd $system/etc/passwd
  mount --bind $root/group $system/etc/group
fi
ip link set lo up
echo ready
exec env --ignore-signal=CHLD cat
`;

/** Removes the control groups of a node whose processes have ended. */
export async function removeControlGroups(name: string): Promise<void> {
  const mounts = await Deno.readTextFile("/proc/mounts");
  const trees = mounts.split("\n").map((line) => line.split(" "))
    .filter(([, , type]) => type === "cgroup" || type === "cgroup2")
    .map(([, path]) => `${path}/${name}`);
  const remaining = () => trees.filter((path) => existsSync(path));
  // The kernel keeps a group busy for a moment after its last process was killed.
  for (let tries = 0; remaining().length > 0 && tries < 100; tries++) {
    const find = new Deno.Command("find", {
      args: [...remaining(), "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"],
      stderr: "null",
    });
    await find.output();
    if (remaining().length > 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function existsSync(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
