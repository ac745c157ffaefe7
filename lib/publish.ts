import { gzipSync } from "node:zlib";
import type { Page } from "./exporter.ts";
import type { Exposition } from "./exposition_draft.ts";
import type { NodePicture } from "./live/node_view.ts";
import type { EncodedBody, PageMessage, ServedExposition } from "./messages.ts";

/**
 * Compression of each page, once per cycle and never in a scrape. The fastest level: it makes the
 * page about as small as the slow ones do, for half of their CPU time.
 */
const GZIP_LEVEL = 1;

/** Turns a page and its picture into the message that serves them, and the buffers to move with it. */
export function pageMessage(
  page: Page,
  picture: NodePicture,
  given: { readonly isComplete: boolean; readonly lifetimeMs: number },
): { readonly message: PageMessage; readonly transfer: Transferable[] } {
  const text = serve(page.text);
  const openMetrics = page.openMetrics && serve(page.openMetrics);
  const snapshot = encode(picture.snapshot);
  const stalledSnapshot = encode(picture.stalled);
  const { history } = picture;
  const message: PageMessage = {
    type: "page",
    text,
    openMetrics,
    snapshot,
    stalledSnapshot,
    history,
    ...given,
    libvirtUp: page.libvirtUp,
    conntrackUp: page.conntrackUp,
    instances: page.instances,
    series: page.series,
    collectors: page.collectors.map(({ name, durationMs, success }) => ({
      name,
      success,
      durationSeconds: durationMs / 1000,
    })),
  };
  return {
    message,
    transfer: [
      ...[text, ...openMetrics ? [openMetrics] : []].flatMap(buffersOf),
      ...[snapshot, stalledSnapshot].flatMap(({ plain, gzip }) => [plain.buffer, gzip.buffer]),
      ...history ? [history.values.buffer] : [],
    ],
  };
}

/** The memory that an exposition takes. */
export function buffersOf({ body, stalled }: ServedExposition): ArrayBuffer[] {
  return [body, stalled].flatMap(({ plain, gzip }) => [plain.buffer, gzip.buffer]);
}

function serve({ body, segments, stalledBody }: Exposition): ServedExposition {
  return { body: { ...encode(body), segments }, stalled: encode(stalledBody) };
}

function encode(plain: Uint8Array<ArrayBuffer>): EncodedBody {
  // node:zlib answers with a view of a larger buffer: only an array of its own can be moved.
  return { plain, gzip: new Uint8Array(gzipSync(plain, { level: GZIP_LEVEL })) };
}
