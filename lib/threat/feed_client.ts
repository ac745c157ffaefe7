/** Where systems keep the certificates they trust: Debian, Red Hat, SUSE and Alpine. */
const BUNDLES = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
];
const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/**
 * Opens a client that trusts what the system trusts, and by the usual environment variables goes
 * through a proxy. It keeps no connection: between two readings of a list hours go by.
 *
 * @param bundle Path of the certificates to trust besides the runtime's own; without it the one that
 *   `SSL_CERT_FILE` names, or else the system's.
 * @throws {TypeError} If a certificate cannot be understood.
 */
export function openFeedClient(bundle = Deno.env.get("SSL_CERT_FILE")): Deno.HttpClient {
  const caCerts = certificatesOf(bundle === undefined || bundle === "" ? BUNDLES : [bundle]);
  return Deno.createHttpClient({ caCerts, poolMaxIdlePerHost: 0 });
}

/** The certificates of the first file that there is. */
function certificatesOf(paths: readonly string[]): string[] {
  for (const path of paths) {
    try {
      return Deno.readTextFileSync(path).match(CERTIFICATE) ?? [];
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return [];
}
