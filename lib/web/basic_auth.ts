import { Buffer } from "node:buffer";
import { createHmac, randomBytes } from "node:crypto";
import type { Access } from "./listen.ts";
import type { PasswordQueue } from "./password_queue.ts";
import { textResponse } from "./text_response.ts";

/** Most credentials that are remembered of each kind: far more than scrapers have. */
const MOST_REMEMBERED = 256;
/** Bcrypt looks at 72 bytes; what is far longer is no password of anybody. */
const LONGEST_CREDENTIALS = 1024;
/** The digest of a hash that no password has: only its cost counts. */
const NOBODY = "./".repeat(26) + ".";

/**
 * Lets in whoever has a password of one of `users`. A password is checked against its bcrypt hash
 * once; then a keyed hash of the credentials is remembered, so that a scrape costs microseconds. The
 * key is made at random for each call, so the time of looking one up tells nothing about a password.
 * A name that nobody has is checked like any other, against a hash as dear as the dearest.
 *
 * @param users Bcrypt hashes by name, at least one.
 */
export function basicAuth(users: ReadonlyMap<string, string>, queue: PasswordQueue): Access {
  const key = randomBytes(32);
  const right = new Set<string>();
  const wrong = new Set<string>();
  const pending = new Map<string, Promise<boolean>>();
  const strangersHash = `$2b$${dearest(users)}$${NOBODY}`;

  const check = (client: string, { user, password }: Credentials, mark: string) => {
    const before = pending.get(mark);
    if (before) return before;
    const queued = queue.check(client, password, users.get(user) ?? strangersHash);
    const outcome = queued?.then((matches) => {
      const isRight = matches && users.has(user);
      remember(isRight ? right : wrong, mark);
      return isRight;
    }).finally(() => pending.delete(mark));
    if (outcome) pending.set(mark, outcome);
    return outcome;
  };

  return (request, { hostname }) => {
    const credentials = credentialsOf(request.headers.get("authorization"));
    if (!credentials) return unauthorized();
    const mark = createHmac("sha256", key).update(credentials.text).digest("base64");
    if (right.has(mark)) return undefined;
    if (wrong.has(mark)) return unauthorized();
    const outcome = check(hostname, credentials, mark);
    return outcome ? outcome.then((isRight) => isRight ? undefined : unauthorized()) : busy();
  };
}

interface Credentials {
  readonly user: string;
  readonly password: string;
  /** Both, as they were sent. */
  readonly text: string;
}

function unauthorized(): Response {
  return textResponse(401, "Unauthorized", {
    "www-authenticate": 'Basic realm="OpenStack Instance Exporter", charset="UTF-8"',
  });
}

function busy(): Response {
  return textResponse(503, "Service unavailable: too many passwords to check", {
    "retry-after": "5",
  });
}

/** Reads an Authorization header by RFC 7617. */
function credentialsOf(header: string | null): Credentials | undefined {
  const encoded = /^basic +([A-Za-z0-9+/]+={0,2})$/i.exec(header ?? "")?.[1];
  if (encoded === undefined || encoded.length > LONGEST_CREDENTIALS) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const colon = text.indexOf(":");
  if (colon < 0) return undefined;
  return { user: text.slice(0, colon), password: text.slice(colon + 1), text };
}

/** The most rounds of all hashes, with two digits. */
function dearest(users: ReadonlyMap<string, string>): string {
  return [...users.values()].map((hash) => hash.slice(4, 6)).sort().at(-1) ?? "10";
}

function remember(marks: Set<string>, mark: string): void {
  const [oldest] = marks;
  if (marks.size >= MOST_REMEMBERED && oldest !== undefined) marks.delete(oldest);
  marks.add(mark);
}
