import { quote } from "./quote.ts";

const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const COUNT = /^\+?(?:0|[1-9]\d*)$/;

/**
 * Reads a number of zero or more, decimals allowed.
 *
 * @throws {SyntaxError} If the text is no number; infinities and NaN are none here.
 * @throws {RangeError} If the number is negative or too large for a double.
 */
export function parseDecimal(text: string): number {
  if (!DECIMAL.test(text)) {
    throw new SyntaxError(`${quote(text)} is not a number such as 10 or 0.5`);
  }
  const number = Number(text);
  if (number < 0) throw new RangeError(`${quote(text)} is below 0`);
  if (!Number.isFinite(number)) throw new RangeError(`${quote(text)} is too large`);
  // "-0" is zero; a minus sign in front of it must not reach the metrics page.
  return number + 0;
}

/**
 * Reads a count: a whole number of zero or more, in decimal digits without leading zeros (Go would
 * read `010` as eight).
 *
 * @throws {SyntaxError} If the text has another form.
 * @throws {RangeError} If the count is above 2^53 - 1.
 */
export function parseCount(text: string): number {
  if (!COUNT.test(text)) {
    throw new SyntaxError(`${quote(text)} is not a whole number such as 0 or 20`);
  }
  const count = Number(text);
  if (!Number.isSafeInteger(count)) throw new RangeError(`${quote(text)} is too large`);
  return count;
}

/**
 * Reads a boolean in one of Go's spellings.
 *
 * @throws {SyntaxError} If it is spelled in any other way.
 */
export function parseBoolean(text: string): boolean {
  switch (text) {
    case "1":
    case "t":
    case "T":
    case "true":
    case "TRUE":
    case "True":
      return true;
    case "0":
    case "f":
    case "F":
    case "false":
    case "FALSE":
    case "False":
      return false;
    default:
      throw new SyntaxError(`${quote(text)} is not true or false`);
  }
}
