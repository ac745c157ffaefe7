/** A database that cannot be reached, does not answer, or says what OVSDB's protocol has no place for. */
export class OvsdbError extends Error {
  override readonly name = "OvsdbError";
}

/** Says what is wrong with an answer of the database. */
export function unusable(what: string): OvsdbError {
  return new OvsdbError(`Cannot use the answer of Open vSwitch's database: ${what}`);
}
