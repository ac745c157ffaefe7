/** A node with thousands of instances has some megabytes. */
const MOST_BYTES = 64 * 2 ** 20;

/** The text of an answer. @throws {RangeError} If it goes on and on. */
export async function boundedText({ body }: Response, mostBytes = MOST_BYTES): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let length = 0;
  for await (const chunk of body ?? []) {
    length += chunk.length;
    if (length > mostBytes) throw new RangeError(`its answer has more than ${mostBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
