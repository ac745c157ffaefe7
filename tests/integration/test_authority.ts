/** Certificates of an authority that a test made for itself; leaving the scope removes them. */
export interface TestAuthority extends AsyncDisposable {
  /** Where everything lies, for the test's own files too. */
  readonly folder: string;
  /** What a client must trust, as PEM text. */
  readonly cert: string;
  /** Writes `NAME.crt` and `NAME.key` for 127.0.0.1, over older ones. */
  issue(name: string): Promise<void>;
}

const CONFIG = `[req]
distinguished_name = subject
[subject]
[authority]
basicConstraints = critical,CA:TRUE
[server]
basicConstraints = critical,CA:FALSE
subjectAltName = IP:127.0.0.1
`;

/** Makes an authority with the command openssl. @throws {Error} If that fails; with what it said. */
export async function makeTestAuthority(): Promise<TestAuthority> {
  const folder = await Deno.makeTempDir({ prefix: "oie-tls-" });
  await Deno.writeTextFile(`${folder}/openssl.cnf`, CONFIG);
  const make = (name: string, section: string, ...more: string[]) =>
    openssl(folder, [
      ...["req", "-x509", "-config", "openssl.cnf", "-extensions", section, "-days", "2"],
      ...["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", `/CN=${name}`],
      ...["-keyout", `${name}.key`, "-out", `${name}.crt`, ...more],
    ]);
  await make("authority", "authority");
  return {
    folder,
    cert: await Deno.readTextFile(`${folder}/authority.crt`),
    issue: (name) => make(name, "server", "-CA", "authority.crt", "-CAkey", "authority.key"),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

async function openssl(cwd: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", { args, cwd }).output();
  if (!success) throw new Error(`Cannot run openssl: ${new TextDecoder().decode(stderr)}`);
}
