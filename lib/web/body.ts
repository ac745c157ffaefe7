/** Of fewer bytes a copy costs nothing, and nobody needs to know whether the client takes them. */
const LONG_BYTES = 1024;

/**
 * A body that is sent from the memory in which it stands. A Response that is given bytes keeps a copy of
 * them (Fetch Standard, "extract a body"), so that each scrape would leave megabytes to the garbage
 * collector; the chunk of a stream goes to the server as it is. Whoever takes the memory away must wait
 * until the server has got it, which it does as soon as the answer is given. And of streams alone the server
 * tells when it has handed them over (`completed`).
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
