import assert from "node:assert/strict";
import { PasswordQueue } from "../../lib/web/password_queue.ts";

/** A queue whose checks the test ends by hand, on a clock of its own. */
function queueByHand({ mostPerClient = 2, mostInAll = 5 } = {}) {
  const begun: string[] = [];
  const ends: ((isRight: boolean | Error) => void)[] = [];
  const slept: number[] = [];
  const clock = { nowMs: 0 };
  const queue = new PasswordQueue(
    (password) => {
      begun.push(password);
      const answer = Promise.withResolvers<boolean>();
      ends.push((isRight) =>
        isRight instanceof Error ? answer.reject(isRight) : answer.resolve(isRight)
      );
      return answer.promise;
    },
    {
      mostPerClient,
      mostInAll,
      restFactor: 4,
      nowMs: () => clock.nowMs,
      sleep: (ms) => {
        slept.push(ms);
        return Promise.resolve();
      },
    },
  );
  return { queue, begun, ends, slept, clock };
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

Deno.test("PasswordQueue checks one at a time, by turns of the clients", async () => {
  const { queue, begun, ends } = queueByHand({ mostPerClient: 3 });
  const outcomes = [
    ["guesser", "g1"],
    ["guesser", "g2"],
    ["guesser", "g3"],
    ["scraper", "s1"],
  ].map(([client = "", password = ""]) => queue.check(client, password, ""));
  for (let at = 0; at < 4; at++) {
    assert.equal(begun.length, at + 1);
    ends[at]?.(begun[at] === "s1");
    await turn();
  }
  assert.deepEqual(begun, ["g1", "g2", "s1", "g3"]);
  assert.deepEqual(await Promise.all(outcomes), [false, false, false, true]);
});

Deno.test("PasswordQueue refuses what is too much for one client or for all", () => {
  const { queue } = queueByHand();
  const taken = ["a", "a", "a", "a", "b", "b", "c", "d"].map((client) =>
    queue.check(client, "", "") !== undefined
  );
  // The first is being checked and waits no more.
  assert.deepEqual(taken, [true, true, true, false, true, true, true, false]);
});

Deno.test("PasswordQueue rests after a wrong password, not after a right one", async () => {
  const { queue, ends, slept, clock } = queueByHand();
  const wrong = queue.check("a", "", "");
  clock.nowMs = 100;
  ends[0]?.(false);
  assert.equal(await wrong, false);
  await turn();
  const right = queue.check("a", "", "");
  clock.nowMs = 200;
  ends[1]?.(true);
  assert.equal(await right, true);
  assert.deepEqual(slept, [400]);
});

Deno.test("PasswordQueue goes on after a check that failed", async () => {
  const { queue, ends } = queueByHand();
  const failed = queue.check("a", "", "");
  const next = queue.check("a", "", "");
  ends[0]?.(new Error("no thread"));
  await assert.rejects(async () => await failed, { message: "no thread" });
  await turn();
  ends[1]?.(true);
  assert.equal(await next, true);
});
