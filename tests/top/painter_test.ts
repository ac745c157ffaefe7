import assert from "node:assert/strict";
import { COLOURS } from "../../lib/screen/ansi.ts";
import { span } from "../../lib/screen/line.ts";
import { Painter } from "../../lib/top/painter.ts";

Deno.test("Painter sends what has changed, and all where the terminal may have lost it", () => {
  const painter = new Painter(COLOURS);
  const lines = (...texts: string[]) => texts.map((text) => [span(text)]);
  const first = painter.paint(lines("one", "two"), 80);
  assert.equal(first, "\x1b[2J\x1b[1;1H\x1b[0m\x1b[Kone\x1b[2;1H\x1b[0m\x1b[Ktwo");
  assert.equal(painter.paint(lines("one", "two"), 80), "");
  assert.equal(painter.paint(lines("one", "2"), 80), "\x1b[2;1H\x1b[0m\x1b[K2");
  painter.forget();
  const again = "\x1b[2J\x1b[1;1H\x1b[0m\x1b[Kone\x1b[2;1H\x1b[0m\x1b[K2";
  assert.equal(painter.paint(lines("one", "2"), 80), again);
  assert.equal(painter.paint(lines("one"), 80), "\x1b[2J\x1b[1;1H\x1b[0m\x1b[Kone");
});
