/** What the systemd unit fixes, and the role has to follow. */
export interface UnitFacts {
  readonly binary: string;
  /** The file that the unit reads its environment from. */
  readonly environmentFile: string;
  /** The variable in that file with the arguments. */
  readonly argumentsVariable: string;
  readonly user: string;
}

/**
 * Reads the facts from the text of the unit.
 *
 * @throws {SyntaxError} If one of them is missing.
 */
export function parseUnit(text: string): UnitFacts {
  const [, binary, argumentsVariable] = setting(text, "ExecStart", /^(\/\S+) \$(\w+)$/);
  const [, environmentFile] = setting(text, "EnvironmentFile", /^-(\/\S+)$/);
  const [, user] = setting(text, "User", /^(\w+)$/);
  return {
    binary: binary ?? "",
    environmentFile: environmentFile ?? "",
    argumentsVariable: argumentsVariable ?? "",
    user: user ?? "",
  };
}

function setting(text: string, name: string, form: RegExp): RegExpExecArray {
  const [line] = text.split("\n").filter((line) => line.startsWith(`${name}=`));
  const match = form.exec(line?.slice(name.length + 1) ?? "");
  if (match === null) {
    throw new SyntaxError(`Cannot read the unit: expected ${name}= with ${form}, found ${line}`);
  }
  return match;
}
