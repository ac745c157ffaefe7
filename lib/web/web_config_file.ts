import { dirname, resolve } from "node:path";
import { quote } from "../config/quote.ts";
import { checkTls, type TlsKeyPair } from "./listener.ts";
import { parseWebConfig, type PemSource, type WebConfig, WebConfigError } from "./web_config.ts";

/** A web config with the certificate and key that it names. */
export interface LoadedWebConfig extends Omit<WebConfig, "tls"> {
  readonly tls: TlsKeyPair | undefined;
  /** Equal for equal contents. */
  readonly fingerprint: string;
}

/** A web config is short, and so are certificates; a path may lead to a device without end. */
const MOST_BYTES = 2 ** 20;

/**
 * Reads a web config and the files that it names, whose relative paths start at its folder, and
 * tries the pair of certificate and key.
 *
 * @throws {WebConfigError} If something cannot be read or used; the message is one line that names
 * the file.
 */
export async function loadWebConfig(path: string): Promise<LoadedWebConfig> {
  const text = await readText(path, `Cannot read web config ${quote(path)}`);
  try {
    const { tls, headers, users } = parseWebConfig(text);
    const pair = tls && {
      cert: await pem(path, "cert_file", tls.cert),
      key: await pem(path, "key_file", tls.key),
    };
    tryTls(pair);
    return { tls: pair, headers, users, fingerprint: JSON.stringify([text, pair]) };
  } catch (error) {
    if (!(error instanceof WebConfigError)) throw error;
    throw new WebConfigError(`Cannot use web config ${quote(path)}: ${error.message}`);
  }
}

async function pem(configPath: string, name: string, source: PemSource): Promise<string> {
  if ("text" in source) return source.text;
  const path = resolve(dirname(configPath), source.file);
  return await readText(path, `tls_server_config.${name}: ${quote(path)} cannot be read`);
}

function tryTls(pair: TlsKeyPair | undefined): void {
  try {
    checkTls(pair);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WebConfigError(
      `tls_server_config: certificate and key cannot be used: ${reason.replace(/\s+/g, " ")}`,
    );
  }
}

async function readText(path: string, failed: string): Promise<string> {
  try {
    using file = await Deno.open(path);
    const bytes = new Uint8Array(MOST_BYTES + 1);
    let length = 0;
    while (length <= MOST_BYTES) {
      const count = await file.read(bytes.subarray(length));
      if (count === null) return new TextDecoder().decode(bytes.subarray(0, length));
      length += count;
    }
  } catch (error) {
    throw new WebConfigError(`${failed}: ${reasonOf(error)}`);
  }
  throw new WebConfigError(`${failed}: it has more than ${MOST_BYTES} bytes`);
}

function reasonOf(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return words.replace(/\s*\(os error \d+\).*/s, "").replace(/\s+/g, " ");
}
