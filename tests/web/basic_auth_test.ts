import assert from "node:assert/strict";
import { basicAuth } from "../../lib/web/basic_auth.ts";
import { BcryptThread } from "../../lib/web/bcrypt_thread.ts";
import { DEFAULT_QUEUE, PasswordQueue, type Verify } from "../../lib/web/password_queue.ts";

/** Of the password "secret", with the least cost. */
const HASH = "$2b$04$qTCbfMdIdyLhfXcpO.Uolu2pUextI2kZsqWukr1gR7a8ywNYXnBCu";
const DEARER = HASH.replace("$04$", "$12$");

function ask(guard: ReturnType<typeof basicAuth>, authorization?: string, hostname = "10.0.0.1") {
  const request = new Request("http://node/metrics", {
    headers: authorization === undefined ? {} : { authorization },
  });
  const remoteAddr: Deno.NetAddr = { transport: "tcp", hostname, port: 1 };
  return guard(request, remoteAddr);
}

function basic(credentials: string): string {
  return `Basic ${btoa(credentials)}`;
}

/** A guard for alice with the password "secret"; `checks` are what bcrypt was asked. */
function guarded(users = new Map([["alice", HASH]])) {
  const checks: (readonly [string, string])[] = [];
  const verify: Verify = (password, hash) => {
    checks.push([password, hash]);
    return Promise.resolve(password === "secret" && hash === HASH);
  };
  const queue = new PasswordQueue(verify, { ...DEFAULT_QUEUE, sleep: () => Promise.resolve() });
  return { guard: basicAuth(users, queue), checks };
}

Deno.test("basicAuth checks each pair once, then remembers it without asking", async () => {
  const { guard, checks } = guarded();
  for (let time = 0; time < 3; time++) {
    assert.equal(await ask(guard, basic("alice:secret")), undefined);
    assert.equal((await ask(guard, basic("alice:wrong")))?.status, 401);
  }
  // What is remembered is answered at once, not in a later turn.
  assert.equal(ask(guard, basic("alice:secret")), undefined);
  assert.deepEqual(checks, [["secret", HASH], ["wrong", HASH]]);
});

Deno.test("basicAuth checks a name that nobody has like any other, as dear as the dearest", async () => {
  const { guard, checks } = guarded(new Map([["alice", HASH], ["bob", DEARER]]));
  assert.equal((await ask(guard, basic("nobody:secret")))?.status, 401);
  assert.deepEqual(checks, [["secret", `$2b$12$${"./".repeat(26)}.`]]);
});

Deno.test("basicAuth never lets a name in that nobody has, even if bcrypt said yes", async () => {
  const queue = new PasswordQueue(() => Promise.resolve(true));
  const guard = basicAuth(new Map([["alice", HASH]]), queue);
  assert.equal((await ask(guard, basic("nobody:x")))?.status, 401);
  assert.equal((await ask(guard, basic("__proto__:x")))?.status, 401);
  assert.equal(await ask(guard, basic("alice:x")), undefined);
});

Deno.test("basicAuth asks for credentials that are missing or cannot be read, and asks bcrypt nothing", () => {
  const { guard, checks } = guarded();
  const bad = [undefined, "", "Basic", "Basic !", `Bearer ${btoa("alice:secret")}`, basic("alice")];
  for (const header of [...bad, basic(`alice:${"x".repeat(2000)}`)]) {
    const answer = ask(guard, header);
    assert.ok(answer && !(answer instanceof Promise), header);
    assert.equal(answer.status, 401);
    assert.equal(
      answer.headers.get("www-authenticate"),
      'Basic realm="OpenStack Instance Exporter", charset="UTF-8"',
    );
  }
  assert.deepEqual(checks, []);
});

Deno.test("basicAuth takes the scheme without case, colons in passwords and empty ones", async () => {
  const seen: string[] = [];
  const queue = new PasswordQueue((password) => {
    seen.push(password);
    return Promise.resolve(true);
  });
  const guard = basicAuth(new Map([["alice", HASH], ["", HASH]]), queue);
  assert.equal(await ask(guard, `bAsIc  ${btoa("alice:a:b")}`), undefined);
  assert.equal(await ask(guard, basic("alice:")), undefined);
  assert.deepEqual(seen, ["a:b", ""]);
});

Deno.test("basicAuth answers 503 when too many passwords wait, and still lets known ones in", async () => {
  const gate = Promise.withResolvers<boolean>();
  let isOpen = true;
  const queue = new PasswordQueue(() => isOpen ? Promise.resolve(true) : gate.promise);
  const guard = basicAuth(new Map([["alice", HASH]]), queue);
  assert.equal(await ask(guard, basic("alice:secret")), undefined);
  isOpen = false;
  const guesses = Array.from(
    { length: 200 },
    (_, at) => ask(guard, basic(`alice:${at}`), `10.0.0.${at % 100}`),
  );
  const refused = guesses.filter((answer) => answer && !(answer instanceof Promise));
  assert.equal(refused.length, 200 - 64 - 1);
  assert.equal(refused[0] && "status" in refused[0] ? refused[0].status : 0, 503);
  assert.equal(ask(guard, basic("alice:secret")), undefined);
  gate.resolve(true);
  await Promise.all(guesses);
});

Deno.test("basicAuth checks the same pair once for many that ask together", async () => {
  const { guard, checks } = guarded();
  const answers = await Promise.all(
    Array.from({ length: 50 }, () => ask(guard, basic("alice:secret"))),
  );
  assert.deepEqual(answers.filter((each) => each !== undefined), []);
  assert.equal(checks.length, 1);
});

Deno.test("basicAuth forgets the oldest wrong pair, and no right one for it", async () => {
  const { guard, checks } = guarded();
  await ask(guard, basic("alice:secret"));
  for (let guess = 0; guess < 257; guess++) await ask(guard, basic(`alice:${guess}`));
  checks.length = 0;
  await ask(guard, basic("alice:secret"));
  await ask(guard, basic("alice:256"));
  await ask(guard, basic("alice:0"));
  assert.deepEqual(checks, [["0", HASH]]);
});

Deno.test("BcryptThread tells right from wrong, again after it has ended", async () => {
  using thread = new BcryptThread();
  for (let time = 0; time < 2; time++) {
    assert.equal(await thread.verify("secret", HASH), true);
    assert.equal(await thread.verify("Secret", HASH), false);
    assert.equal(await thread.verify("secret", `$2y$04$${"./".repeat(26)}.`), false);
    thread[Symbol.dispose]();
  }
  const pending = thread.verify("secret", HASH);
  assert.throws(() => thread.verify("secret", HASH), TypeError);
  thread[Symbol.dispose]();
  await assert.rejects(pending, { message: "Cannot verify: the thread has ended" });
});
