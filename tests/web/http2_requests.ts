const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const FRAME = { headers: 1, settings: 4 } as const;
const END_STREAM_AND_HEADERS = 0x5;
const FRAME_HEAD = 9;
const INITIAL_WINDOW_SIZE = 4;
/** `:status: 200` in HPACK's static table (RFC 7541, appendix A). */
const STATUS_200 = 0x88;

/**
 * What a client sends that speaks HTTP/2 from the first byte (RFC 9113, 3.3), asks for a path so many
 * times at once, and lets the server send nothing of any answer's body.
 */
export function stalledRequests(path: string, count: number): Uint8Array<ArrayBuffer> {
  const encoder = new TextEncoder();
  const settings = frame(FRAME.settings, 0, 0, [0, INITIAL_WINDOW_SIZE, 0, 0, 0, 0]);
  const head = [
    ...[0x82, 0x86], // :method: GET, :scheme: http
    ...[0x04, path.length, ...encoder.encode(path)],
    ...[0x01, 4, ...encoder.encode("node")], // :authority: node
  ];
  const requests = Array.from({ length: count }, (_, at) =>
    // Streams of clients have odd numbers.
    frame(FRAME.headers, END_STREAM_AND_HEADERS, 2 * at + 1, head));
  return Uint8Array.from([...encoder.encode(PREFACE), ...settings, ...requests.flat()]);
}

/** Of the answers whose heads are in these bytes of a server: how many there are, and how many are 200. */
export function countAnswers(bytes: Uint8Array): { readonly all: number; readonly ok: number } {
  let [all, ok] = [0, 0];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let at = 0; at + FRAME_HEAD < bytes.length;) {
    const length = view.getUint32(at) >>> 8;
    if (bytes[at + 3] === FRAME.headers) {
      all++;
      if (bytes[at + FRAME_HEAD] === STATUS_200) ok++;
    }
    at += FRAME_HEAD + length;
  }
  return { all, ok };
}

function frame(
  type: number,
  flags: number,
  stream: number,
  payload: readonly number[],
): readonly number[] {
  const length = payload.length;
  return [
    ...[length >> 16, length >> 8 & 0xff, length & 0xff, type, flags],
    ...[0, stream >> 16, stream >> 8 & 0xff, stream & 0xff],
    ...payload,
  ];
}
