import { RE2JS } from "re2js";
import type { InstanceReading } from "../collectors/cycle.ts";
import { byDescription } from "../collectors/owner_labels.ts";

/** Of each name no more than this many characters are tested. */
const MOST_CHARACTERS = 256;

/**
 * Whether an instance is selected: the expression matches anywhere in the project's UUID, the
 * project's name or the domain's name, each on its own. It is tested once for each description, in
 * time that grows with the length of the name only. Undefined where the expression is empty.
 *
 * @param expression in RE2's syntax.
 */
export function instanceFilter(
  expression: string,
): ((instance: InstanceReading) => boolean) | undefined {
  if (expression === "") return undefined;
  const pattern = RE2JS.compile(expression);
  return byDescription(({ stats, description: { projectUuid, projectName } }) =>
    [projectUuid, projectName, stats.name].some((name) =>
      pattern.matcher(name.slice(0, MOST_CHARACTERS)).find()
    )
  );
}
