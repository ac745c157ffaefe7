/**
 * Has whatever nobody caught on this thread reported, in place of the runtime's own text on stderr
 * and its end of the thread.
 *
 * @param report Is given an error with a stack; it ends the thread or the program.
 */
export function reportCrashes(target: EventTarget, report: (error: Error) => void): void {
  target.addEventListener("error", (event) => {
    if (!(event instanceof ErrorEvent)) return;
    event.preventDefault();
    report(asError(event.error ?? event.message));
  });
  target.addEventListener("unhandledrejection", (event) => {
    if (!(event instanceof PromiseRejectionEvent)) return;
    event.preventDefault();
    report(asError(event.reason));
  });
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
