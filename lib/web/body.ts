/** From so many bytes on a stream costs less than a copy. */
const LONG_BYTES = 64 * 1024;

/**
 * A body that is sent from the memory in which it stands. A Response that is given bytes keeps a copy of
 * them (Fetch Standard, "extract a body"), so that each scrape would leave megabytes to the garbage
 * collector; the chunk of a stream goes to the server as it is. Whoever takes the memory away must wait
 * until the server has got it, which it does as soon as the answer is given.
 */
export function bodyOf(bytes: Uint8Array<ArrayBuffer>): BodyInit {
  if (bytes.length < LONG_BYTES) return bytes;
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}
