import assert from "node:assert/strict";
import { reportCrashes } from "../lib/crash.ts";

/** What is reported for an event, and whether the runtime is kept from its own report. */
function reported(event: Event): { readonly errors: Error[]; readonly prevented: boolean } {
  const target = new EventTarget();
  const errors: Error[] = [];
  reportCrashes(target, (error) => errors.push(error));
  target.dispatchEvent(event);
  return { errors, prevented: event.defaultPrevented };
}

Deno.test("reportCrashes gives the error that nobody caught", () => {
  const error = new TypeError("a defect");
  assert.deepEqual(reported(new ErrorEvent("error", { error, cancelable: true })), {
    errors: [error],
    prevented: true,
  });
});

Deno.test("reportCrashes gives the reason of a rejection that nobody handled", () => {
  const reason = new TypeError("a defect");
  const promise = Promise.resolve();
  const event = new PromiseRejectionEvent("unhandledrejection", {
    promise,
    reason,
    cancelable: true,
  });
  assert.deepEqual(reported(event), { errors: [reason], prevented: true });
});

Deno.test("reportCrashes makes an error of whatever else was thrown", () => {
  const event = new PromiseRejectionEvent("unhandledrejection", {
    promise: Promise.resolve(),
    reason: 7,
    cancelable: true,
  });
  assert.deepEqual(reported(event).errors.map(({ message }) => message), ["7"]);
  assert.deepEqual(
    reported(new ErrorEvent("error", { message: "no object" })).errors.map(({ message }) =>
      message
    ),
    ["no object"],
  );
});
