const LIST = new URL("./fixtures/hostile_names.json", import.meta.url);
const LONG = 10_000;

/**
 * What tenants may call themselves: the list's own names, each of them ten thousand characters long,
 * then one behind the other.
 */
export function hostileNames(count: number): string[] {
  const listed: readonly string[] = JSON.parse(Deno.readTextFileSync(LIST));
  const long = listed.filter((name) => name !== "")
    .map((name) => name.repeat(Math.ceil(LONG / name.length)).slice(0, LONG));
  const pairs = listed.flatMap((first) => listed.map((second) => first + second));
  return [...listed, ...long, ...pairs].slice(0, count);
}

/** What a page must say of a name, as a reader of the page gets it. */
export function shownName(name: string): string {
  const characters = [...name].map((character) => {
    const code = character.codePointAt(0) ?? 0;
    return code === 0 || (code >= 0xd800 && code <= 0xdfff) ? "\ufffd" : character;
  });
  return characters.slice(0, 256).join("");
}

/** Whether XML 1.0 can hold the text at all ("2.2 Characters"). */
export function isXmlText(text: string): boolean {
  // deno-lint-ignore no-control-regex -- these are the ones
  return text.isWellFormed() && !/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text);
}
