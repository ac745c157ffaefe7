const MOST_CHARACTERS = 120;

/**
 * Puts an operator's text into quotes for an error: always one line, never longer than a line can be
 * read, and nothing in it that moves a terminal's cursor.
 */
export function quote(text: string): string {
  const shown = text.length > MOST_CHARACTERS ? text.slice(0, MOST_CHARACTERS) + "..." : text;
  return JSON.stringify(shown).replace(
    /[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => "\\u" + character.charCodeAt(0).toString(16).padStart(4, "0"),
  );
}
