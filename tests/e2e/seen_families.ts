/** Names the folder of the whole run where each family that was seen has an empty file. */
export const SEEN_FAMILIES = "OIE_SEEN_FAMILIES";

/** Notes which families have series on a page of the real program, where a run of all tests asks for it. */
export async function noteFamilies(page: string): Promise<void> {
  const folder = Deno.env.get(SEEN_FAMILIES);
  if (folder === undefined) return;
  const names = new Set(page.match(/^[a-z_]+(?=[{ ]\S)/gm));
  await Promise.all(
    [...names].map((name) => Deno.writeFile(`${folder}/${name}`, new Uint8Array())),
  );
}
