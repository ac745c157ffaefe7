import { Buffer } from "node:buffer";
import { crc32, deflateSync } from "node:zlib";

/** Colours of the palette: charts have few, the others are shades between them. */
const MOST_COLOURS = 256;
/** Square of a distance that nobody sees. */
const CLOSEST = 64;
const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const INDEXED = 3;

/**
 * A PNG file of opaque pixels (four bytes each, RGBA, row by row) with a palette of the most frequent
 * colours that can be told apart; any other becomes the nearest of them. By the PNG specification, third edition.
 */
export function indexedPng(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const counts = new Map<number, number>();
  const colours = Array.from({ length: width * height }, (_, at) => colourAt(pixels, at * 4));
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  const palette = paletteOf(
    [...counts].sort(([, one], [, other]) => other - one)
      .map(([colour]) => colour),
  );
  const nearest = new Map([...counts.keys()].map((colour) => [colour, nearestOf(colour, palette)]));
  // Each row begins with its filter: none.
  const rows = new Uint8Array((width + 1) * height);
  colours.forEach((colour, at) => {
    rows[at + Math.floor(at / width) + 1] = nearest.get(colour) ?? 0;
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, INDEXED, 0, 0, 0], 8);
  return Buffer.concat([
    Uint8Array.from(SIGNATURE),
    chunk("IHDR", header),
    chunk("PLTE", Uint8Array.from(palette.flatMap(channelsOf))),
    chunk("IDAT", deflateSync(rows, { level: 9 })),
    chunk("IEND", new Uint8Array()),
  ]);
}

/** The first colours, without those that stand close to one before: thin lines have few pixels. */
function paletteOf(colours: readonly number[]): readonly number[] {
  const palette: number[] = [];
  for (const colour of colours) {
    if (palette.length === MOST_COLOURS) break;
    if (palette.every((one) => distance(one, colour) > CLOSEST)) palette.push(colour);
  }
  return palette;
}

function colourAt(pixels: Uint8Array, at: number): number {
  return (pixels[at] ?? 0) << 16 | (pixels[at + 1] ?? 0) << 8 | (pixels[at + 2] ?? 0);
}

function channelsOf(colour: number): readonly [number, number, number] {
  return [colour >> 16, colour >> 8 & 255, colour & 255];
}

function nearestOf(colour: number, palette: readonly number[]): number {
  const distances = palette.map((candidate) => distance(candidate, colour));
  return distances.indexOf(Math.min(...distances));
}

/** The square of how far apart two colours stand. */
function distance(one: number, other: number): number {
  const channels = channelsOf(other);
  return channelsOf(one).reduce((sum, value, at) => sum + (value - (channels[at] ?? 0)) ** 2, 0);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  whole.set(body, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}
