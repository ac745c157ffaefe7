import assert from "node:assert/strict";
import { BUILD } from "../../../lib/build_info.ts";
import { BINARY } from "../exporter_binary.ts";

/**
 * Serves a release of the compiled program in `folder`: `/good/` has the archive and its checksum,
 * `/bad/` the same archive with another's.
 */
export class ReleaseServer implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  private constructor(archive: string, sums: string) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen() {} },
      async ({ url }) => {
        const path = new URL(url).pathname;
        if (path === "/good/sha256sums.txt") return new Response(sums);
        if (path === "/bad/sha256sums.txt") {
          return new Response(
            sums.replace(/^\S+/, "0".repeat(64)),
          );
        }
        if (path.endsWith(archive.slice(archive.lastIndexOf("/")))) {
          return new Response((await Deno.open(archive)).readable);
        }
        return new Response(null, { status: 404 });
      },
    );
  }

  static async start(folder: string): Promise<ReleaseServer> {
    const name = `openstack_instance_exporter-${BUILD.version}.linux-amd64`;
    await Deno.mkdir(`${folder}/${name}`);
    await Deno.copyFile(BINARY, `${folder}/${name}/openstack_instance_exporter`);
    const archive = `${folder}/${name}.tar.gz`;
    const args = ["--use-compress-program", "gzip -1", "-cf", archive, "-C", folder, name];
    const { success } = await new Deno.Command("tar", { args }).output();
    assert.ok(success);
    const digest = await crypto.subtle.digest("SHA-256", await Deno.readFile(archive));
    return new ReleaseServer(archive, `${new Uint8Array(digest).toHex()}  ${name}.tar.gz\n`);
  }

  /** The folder of the release, without a slash at its end. */
  url(which: "good" | "bad"): string {
    return `http://127.0.0.1:${this.#server.addr.port}/${which}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#server.shutdown();
  }
}
