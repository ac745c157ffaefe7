import assert from "node:assert/strict";
import { release, RELEASE_FOLDER } from "../../scripts/release.ts";
import { REPOSITORY } from "../../scripts/repository.ts";
import { outputOf, releaseFile } from "./release_files.ts";

const NAME = "openstack_instance_exporter";

Deno.test("release has both architectures, a bill of materials, and checksums that fit", async () => {
  const sums = await Deno.readTextFile(`${RELEASE_FOLDER}/sha256sums.txt`);
  const check = await new Deno.Command("sha256sum", {
    args: ["--check", "--quiet", "sha256sums.txt"],
    cwd: RELEASE_FOLDER,
  }).output();
  assert.equal(check.code, 0, new TextDecoder().decode(check.stdout));
  const kinds = sums.trimEnd().split("\n").map((line) =>
    line.replace(/^.*?\d[\d.]*(\+dirty)?/, "")
  );
  assert.equal(sums.trimEnd().split("\n").length, 8);
  for (
    const end of [
      ".monitoring.tar.gz",
      "_amd64.deb",
      "_arm64.deb",
      ".x86_64.rpm",
      ".aarch64.rpm",
      ".cdx.json",
    ]
  ) {
    assert.ok(sums.includes(`${end}\n`), `${end} in ${kinds}`);
  }
  const bill = JSON.parse(await Deno.readTextFile(releaseFile(".cdx.json")));
  const names = bill.components.map(({ name }: { name: string }) => name);
  assert.ok(names.includes("deno") && names.includes("saxes") && !names.includes("fast-check"));
});

Deno.test("tarball has all that an operator installs by hand, owned by root", async () => {
  const lines = (await outputOf("tar", ["-tvzf", releaseFile(".linux-amd64.tar.gz")])).trimEnd();
  const entries = lines.split("\n").map((line) => {
    const [mode, owner, , , , path] = line.split(/\s+/);
    return `${mode} ${owner} ${path?.replace(/^[^/]*/, "")}`;
  });
  assert.deepEqual(entries, [
    "drwxr-xr-x 0/0 /",
    "-rw-r--r-- 0/0 /LICENSE",
    "-rw-r--r-- 0/0 /NOTICE",
    "-rw-r--r-- 0/0 /README.md",
    "drwxr-xr-x 0/0 /completions/",
    `-rw-r--r-- 0/0 /completions/_${NAME}`,
    `-rw-r--r-- 0/0 /completions/${NAME}.bash`,
    `-rw-r--r-- 0/0 /completions/${NAME}.fish`,
    "drwxr-xr-x 0/0 /default/",
    `-rw-r--r-- 0/0 /default/${NAME}`,
    "drwxr-xr-x 0/0 /logrotate/",
    `-rw-r--r-- 0/0 /logrotate/${NAME}`,
    `-rwxr-xr-x 0/0 /${NAME}`,
    `-rw-r--r-- 0/0 /${NAME}.1`,
    `-rw-r--r-- 0/0 /${NAME}.service`,
  ]);
});

Deno.test("program of the arm64 tarball runs, emulated, and the packages are of that architecture", async () => {
  const folder = await Deno.makeTempDir({ prefix: "oie-arm64-" });
  try {
    const tarball = releaseFile(".linux-arm64.tar.gz");
    await outputOf("tar", ["-xzf", tarball, "-C", folder, "--strip-components=1"]);
    const version = await outputOf("qemu-aarch64-static", [`${folder}/${NAME}`, "-version"]);
    assert.match(
      version,
      /^openstack_instance_exporter \d\S* \(revision \S+, Deno \S+, aarch64\)\n$/,
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
  const deb = await outputOf("dpkg-deb", ["-f", releaseFile("_arm64.deb"), "Architecture"]);
  assert.equal(deb, "arm64\n");
  const query = ["-qp", "--qf", "%{ARCH}\n", releaseFile(".aarch64.rpm")];
  assert.equal(await outputOf("rpm", query), "aarch64\n");
});

Deno.test("rpm has the files, modes and dependencies that it should, and no signs of its build", async () => {
  const rpm = releaseFile(".x86_64.rpm");
  const query = (format: string) => outputOf("rpm", ["-qp", "--qf", format, rpm]);
  assert.equal(
    await query("%{NAME} %{LICENSE} %{ARCH} %{BUILDHOST}\n"),
    "openstack-instance-exporter Apache-2.0 x86_64 localhost\n",
  );
  const files = await query(
    "[%{FILEMODES:perms} %{FILEUSERNAME}:%{FILEGROUPNAME} %{FILEFLAGS:fflags} %{FILENAMES}\n]",
  );
  const share = "/usr/share";
  assert.deepEqual(files.trimEnd().split("\n").map((line) => line.replace(/ +/g, " ")), [
    `-rw-r--r-- root:root cn /etc/default/${NAME}`,
    `-rw-r--r-- root:root cn /etc/logrotate.d/${NAME}`,
    `-rwxr-xr-x root:root /usr/bin/${NAME}`,
    `-rw-r--r-- root:root /usr/lib/systemd/system/${NAME}.service`,
    `-rw-r--r-- root:root ${share}/bash-completion/completions/${NAME}`,
    `-rw-r--r-- root:root ${share}/fish/vendor_completions.d/${NAME}.fish`,
    `drwxr-xr-x root:root ${share}/licenses/openstack-instance-exporter`,
    `-rw-r--r-- root:root l ${share}/licenses/openstack-instance-exporter/LICENSE`,
    `-rw-r--r-- root:root l ${share}/licenses/openstack-instance-exporter/NOTICE`,
    `-rw-r--r-- root:root ${share}/man/man1/${NAME}.1.gz`,
    `-rw-r--r-- root:root ${share}/zsh/site-functions/_${NAME}`,
  ]);
  const needs = (await outputOf("rpm", ["-qp", "--requires", rpm])).trimEnd().split("\n");
  assert.deepEqual(needs.filter((line) => !line.startsWith("rpmlib(")).sort(), [
    "glibc >= 2.27",
    "libgcc",
    "libnetfilter_conntrack",
    "libvirt-libs",
    "shadow-utils",
  ]);
  for (
    const [tag, file] of [["PREIN", "pre"], ["POSTIN", "post"], ["PREUN", "preun"], [
      "POSTUN",
      "postun",
    ]]
  ) {
    const script = await Deno.readTextFile(`${REPOSITORY}/packaging/nfpm/rpm/${file}`);
    assert.equal((await query(`%{${tag}}`)).trimEnd(), script.trimEnd());
  }
});

Deno.test("release of one tree gives the same bytes again", async () => {
  const folder = await Deno.makeTempDir({ prefix: "oie-again-" });
  try {
    await release({ folder, architectures: ["amd64"], allowDirty: true, announce: () => {} });
    const again = (await Deno.readTextFile(`${folder}/sha256sums.txt`)).trimEnd().split("\n");
    const sums = (await Deno.readTextFile(`${RELEASE_FOLDER}/sha256sums.txt`)).split("\n");
    assert.deepEqual(again.filter((line) => !sums.includes(line)), []);
    assert.equal(again.length, 5);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
