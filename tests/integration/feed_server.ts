/** A certificate authority of the test's own, with a certificate for 127.0.0.1 and one for another name. */
export interface Authority extends Disposable {
  /** Path of its certificate. */
  readonly bundle: string;
  readonly key: string;
  readonly cert: string;
  /** A certificate that it signed for `feed.example`, where no test server is. */
  readonly otherCert: string;
}

/** Makes an authority with openssl, in a folder that goes with it. */
export function makeAuthority(): Authority {
  const folder = Deno.makeTempDirSync({ prefix: "oie-feed-ca-" });
  const openssl = (...args: readonly string[]) => {
    const { success, stderr } = new Deno.Command("openssl", { args: [...args], cwd: folder })
      .outputSync();
    if (!success) throw new Error(`openssl ${args[0]}: ${new TextDecoder().decode(stderr)}`);
  };
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...newKey, "-keyout", "ca.key", "-out", "ca.crt", "-subj", "/CN=Test CA");
  openssl("req", ...newKey, "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=server");
  const sign = (name: string, subject: string) => {
    Deno.writeTextFileSync(`${folder}/${name}.ext`, `subjectAltName=${subject}`);
    const files = ["-in", "server.csr", "-out", `${name}.crt`, "-extfile", `${name}.ext`];
    openssl("x509", "-req", ...files, "-CA", "ca.crt", "-CAkey", "ca.key", "-CAcreateserial");
    return Deno.readTextFileSync(`${folder}/${name}.crt`);
  };
  return {
    bundle: `${folder}/ca.crt`,
    key: Deno.readTextFileSync(`${folder}/server.key`),
    cert: sign("here", "IP:127.0.0.1"),
    otherCert: sign("other", "DNS:feed.example"),
    [Symbol.dispose]: () => Deno.removeSync(folder, { recursive: true }),
  };
}

type Answer = (request: Request) => Response | Promise<Response>;

/** A server of lists whose answer a test sets; it keeps the headers that it was asked with. */
export class FeedServer implements AsyncDisposable {
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #scheme: string;
  readonly requests: { readonly url: string; readonly headers: Headers }[] = [];
  answer: Answer = () => new Response("1.2.3.4\n");

  constructor(tls?: { readonly key: string; readonly cert: string }) {
    const options = { hostname: "127.0.0.1", port: 0, onListen() {}, ...tls };
    this.#scheme = tls === undefined ? "http" : "https";
    this.#server = Deno.serve({ ...options, onError: () => new Response(null, { status: 599 }) }, (
      request,
    ) => {
      this.requests.push({ url: request.url, headers: new Headers(request.headers) });
      return this.answer(request);
    });
  }

  url(path = "/list"): string {
    return `${this.#scheme}://127.0.0.1:${this.#server.addr.port}${path}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** A server that answers every connection with the same bytes and closes it. */
export class RawServer implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #done: Promise<void>;

  constructor(bytes: string) {
    this.#done = this.#run(new TextEncoder().encode(bytes));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}/list`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#done;
  }

  async #run(bytes: Uint8Array): Promise<void> {
    for await (const connection of this.#listener) {
      await connection.read(new Uint8Array(4096));
      await connection.write(bytes);
      connection.close();
    }
  }
}
