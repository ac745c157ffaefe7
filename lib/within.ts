/**
 * What a promise gives, or `late` if it has not settled after `deadlineMs`. What it gives or throws
 * after that is lost.
 */
export async function within<T, L>(
  promise: Promise<T>,
  deadlineMs: number,
  late: L,
): Promise<T | L> {
  const deadline = Promise.withResolvers<L>();
  const timer = setTimeout(() => deadline.resolve(late), deadlineMs);
  try {
    return await Promise.race([promise, deadline.promise]);
  } finally {
    clearTimeout(timer);
  }
}
