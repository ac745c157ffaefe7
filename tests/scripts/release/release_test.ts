import assert from "node:assert/strict";
import { releaseVersion } from "../../../scripts/release.ts";
import { licensesOf } from "../../../scripts/release/notice.ts";
import { billOfMaterials, type Materials } from "../../../scripts/release/sbom.ts";
import { debianChangelog, packagedUnit } from "../../../scripts/release/stage.ts";

Deno.test("releaseVersion marks a tree that differs from its commit, or refuses it", () => {
  assert.equal(releaseVersion("1.2.3", "", false), "1.2.3");
  assert.equal(releaseVersion("1.2.3", "", true), "1.2.3");
  assert.equal(releaseVersion("1.2.3", " M main.ts\n?? x", true), "1.2.3+dirty");
  assert.throws(() => releaseVersion("1.2.3", " M main.ts\n?? x", false), {
    name: "RangeError",
    message: "Cannot release 1.2.3: expected a tree as it was committed, 2 files differ; commit " +
      "them, or let --dirty mark what comes of it",
  });
});

Deno.test("packagedUnit changes the place of the program and nothing else", () => {
  const unit = "A=b\nExecStart=/usr/local/bin/openstack_instance_exporter $ARGS\nC=d\n";
  assert.equal(
    packagedUnit(unit),
    "A=b\nExecStart=/usr/bin/openstack_instance_exporter $ARGS\nC=d\n",
  );
  assert.throws(() => packagedUnit("A=b\n"), { name: "SyntaxError" });
  assert.throws(() => packagedUnit(unit + unit), { name: "SyntaxError" });
});

Deno.test("debianChangelog is an entry as deb-changelog(5) wants it", () => {
  assert.equal(
    debianChangelog("1.2.3", 1_700_000_000, "Some One <one@example.org>"),
    "openstack-instance-exporter (1.2.3) stable; urgency=medium\n\n" +
      "  * Release 1.2.3: CHANGELOG.md of the source tells what changed.\n\n" +
      " -- Some One <one@example.org>  Tue, 14 Nov 2023 22:13:20 +0000\n",
  );
});

Deno.test("licensesOf reads the headings of NOTICE", () => {
  const notice = "Intro\n\n## @a/b (MIT)\n\ntext (MIT)\n\n## c (BSD-3-Clause)\n## no license\n";
  assert.deepEqual([...licensesOf(notice)], [["@a/b", "MIT"], ["c", "BSD-3-Clause"]]);
});

const MATERIALS: Materials = {
  version: "1.2.3",
  time: 1_700_000_000,
  deno: "2.6.8",
  v8: "14.5.201.2-rusty",
  runtimes: { amd64: "ab", arm64: "cd" },
  packages: ["@a/b@1.0.0"],
  lock: {
    version: "5",
    specifiers: {},
    npm: { "@a/b@1.0.0": { integrity: "sha512-AAH/" }, "c@1.0.0": { integrity: "sha1-AAH/" } },
    workspace: {},
  },
  licenses: new Map([["deno", "MIT"], ["v8", "BSD-3-Clause"], ["@a/b", "ISC"], ["c", "MIT"]]),
};

Deno.test("billOfMaterials lists the runtime, its engine, and each package with hash and license", () => {
  const license = (id: string) => [{ license: { id } }];
  const property = (arch: string, value: string) => ({ name: `denort:sha256:${arch}`, value });
  assert.deepEqual(JSON.parse(billOfMaterials(MATERIALS)), {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: {
      timestamp: "2023-11-14T22:13:20.000Z",
      component: {
        type: "application",
        "bom-ref": "openstack_instance_exporter",
        name: "openstack_instance_exporter",
        version: "1.2.3",
        licenses: license("Apache-2.0"),
      },
    },
    components: [{
      type: "framework",
      "bom-ref": "pkg:github/denoland/deno@v2.6.8",
      name: "deno",
      version: "2.6.8",
      purl: "pkg:github/denoland/deno@v2.6.8",
      properties: [property("amd64", "ab"), property("arm64", "cd")],
      components: [{
        type: "library",
        "bom-ref": "pkg:generic/v8@14.5.201.2",
        name: "v8",
        version: "14.5.201.2",
        purl: "pkg:generic/v8@14.5.201.2",
        licenses: license("BSD-3-Clause"),
      }],
      licenses: license("MIT"),
    }, {
      type: "library",
      "bom-ref": "pkg:npm/%40a/b@1.0.0",
      name: "@a/b",
      version: "1.0.0",
      purl: "pkg:npm/%40a/b@1.0.0",
      hashes: [{ alg: "SHA-512", content: "0001ff" }],
      licenses: license("ISC"),
    }],
    dependencies: [{
      ref: "openstack_instance_exporter",
      dependsOn: ["pkg:github/denoland/deno@v2.6.8", "pkg:npm/%40a/b@1.0.0"],
    }],
  });
});

Deno.test("billOfMaterials throws for a package without a license or a hash", () => {
  assert.throws(() => billOfMaterials({ ...MATERIALS, licenses: new Map() }), {
    message: 'Cannot list v8: expected a heading "## v8 (LICENSE)" in NOTICE',
  });
  assert.throws(() => billOfMaterials({ ...MATERIALS, packages: ["c@1.0.0"] }), {
    message: "Cannot list c@1.0.0: expected sha512 in deno.lock",
  });
});
