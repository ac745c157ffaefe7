import { Buffer } from "node:buffer";
import { quote } from "../config/quote.ts";
import { openFeedClient } from "../threat/feed_client.ts";
import { NodeClient } from "./node_client.ts";
import type { TopOptions } from "./top_command.ts";

const LONGEST_PASSWORD = 1024;
/** Both files are short; a path may lead to a device without end. */
const MOST_BYTES = 2 ** 20;
/** Every host, by name and by address. */
const EVERYWHERE = "*,0.0.0.0/0,::/0";

/**
 * Opens a client for the exporter that `top` was asked to show.
 *
 * @throws {Error} If a file cannot be read or used; the message is one line that names it.
 */
export function openClient({ url, login, caFile }: TopOptions): NodeClient {
  // A proxy for the way out of the site has no way to a node, least of all to this one.
  Deno.env.set("NO_PROXY", EVERYWHERE);
  const authorization = login && basic(login.user, passwordOf(login.passwordFile));
  return new NodeClient(url, { authorization, client: httpClient(caFile) });
}

function httpClient(caFile: string | undefined): Deno.HttpClient {
  if (caFile === undefined) return openFeedClient();
  const text = textOf(caFile, "certificates");
  if (!text.includes("-----BEGIN CERTIFICATE-----")) {
    throw new Error(`Cannot use certificates ${quote(caFile)}: there is none in PEM form`);
  }
  try {
    return openFeedClient(caFile);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`Cannot use certificates ${quote(caFile)}: ${reason}`);
  }
}

/** The first line of a file: editors end it with a line feed. */
function passwordOf(path: string): string {
  const [password = ""] = textOf(path, "password").split(/\r?\n/, 1);
  if (password === "") {
    throw new Error(`Cannot use password ${quote(path)}: its first line is empty`);
  }
  if (password.length > LONGEST_PASSWORD) {
    throw new Error(
      `Cannot use password ${quote(path)}: it has more than ${LONGEST_PASSWORD} letters`,
    );
  }
  return password;
}

function textOf(path: string, what: string): string {
  try {
    using file = Deno.openSync(path);
    const bytes = new Uint8Array(MOST_BYTES + 1);
    let length = 0;
    for (;;) {
      const count = file.readSync(bytes.subarray(length));
      if (count === null) return new TextDecoder().decode(bytes.subarray(0, length));
      length += count;
      if (length > MOST_BYTES) throw new RangeError(`it has more than ${MOST_BYTES} bytes`);
    }
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    const reason = words.replace(/\s*\(os error \d+\).*/s, "");
    throw new Error(`Cannot read ${what} ${quote(path)}: ${reason}`);
  }
}

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`, "utf8").toString("base64")}`;
}
