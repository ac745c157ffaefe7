import assert from "node:assert/strict";

const REFUSED: readonly [why: string, uri: string, said: RegExp][] = [
  ["without a daemon", "qemu+unix:///system?socket=/no/such/socket", /Failed to connect socket/],
  ["with a file that is not there", "test:///no/such/file.xml", /failed to parse xml document/],
  ["with a file that is no XML", `test://${import.meta.filename}`, /Start tag expected/],
];

for (const [why, uri, said] of REFUSED) {
  Deno.test(`LibvirtConnection.open ${why} tells its caller, and prints nothing`, async () => {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "--quiet", "--no-prompt", "--permission-set=exporter"],
        `${import.meta.dirname}/libvirt_refused.ts`,
        uri,
      ],
    }).output();
    assert.match(JSON.parse(new TextDecoder().decode(stdout)), said);
    assert.equal(new TextDecoder().decode(stderr), "");
  });
}
