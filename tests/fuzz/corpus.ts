const FIXTURES = new URL("../fixtures/", import.meta.url);

/** Files of a folder of fixtures, in the order of their names. What a run found bad belongs there too. */
export function corpusOf(...folders: readonly string[]): Uint8Array<ArrayBuffer>[] {
  return folders.flatMap((folder) => {
    const at = new URL(`${folder}/`, FIXTURES);
    const names = [...Deno.readDirSync(at)].map(({ name }) => name).sort();
    return names.map((name) => Deno.readFileSync(new URL(name, at)));
  });
}

/** The same as text; bytes that are no UTF-8 become U+FFFD. */
export function textsOf(...folders: readonly string[]): string[] {
  return corpusOf(...folders).map((bytes) => new TextDecoder().decode(bytes));
}
