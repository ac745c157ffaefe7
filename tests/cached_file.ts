/** After this time what tests keep is made anew: Debian's packages in it have newer versions then. */
const LIFETIME_MS = 7 * 24 * 60 * 60 * 1000;

/** Whether a file that tests keep is there, and younger than a week. */
export async function isFresh(path: string): Promise<boolean> {
  try {
    const { mtime } = await Deno.stat(path);
    return mtime !== null && Date.now() - mtime.getTime() < LIFETIME_MS;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
