import { RE2JS } from "re2js";
import { quote } from "./quote.ts";

/**
 * Checks a regular expression in RE2's syntax, which is Prometheus' and matches in linear time:
 * tenants choose the names that it is tested against. Empty selects all instances.
 *
 * @throws {SyntaxError} If it is none; with the reason.
 */
export function parseInstanceFilter(text: string): string {
  try {
    RE2JS.compile(text);
    return text;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const sentence = reason.replace(/^error parsing regexp: /, "");
    throw new SyntaxError(`${quote(text)} is not a regular expression: ${quote(sentence)}`);
  }
}
