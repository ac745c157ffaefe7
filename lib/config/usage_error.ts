/** A command line that cannot be used. Its message is one line for the operator; the exit code is 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
