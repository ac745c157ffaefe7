import assert from "node:assert/strict";
import { terminalPicture } from "../../scripts/terminal_picture.ts";

Deno.test("terminalPicture draws each look of a screen where it stands", () => {
  const svg = terminalPicture(["a\x1b[1;31m<b\x1b[0m\x1b[42mc\x1b[7md\n\x1b[0me\n\n", "f"], 80);
  const texts = [...svg.matchAll(/(?:<rect ([^>]*)\/>)?<text ([^>]*)>([^<]*)<\/text>/g)];
  assert.deepEqual(
    texts.map(([, behind = "", look = "", text = ""]) => [
      text,
      /x="(\S+)" y="(\d+)"/.exec(look)?.slice(1).join(),
      /fill="(\S+)"/.exec(look)?.[1],
      /width="8.43".*fill="(\S+)"/.exec(behind)?.[1],
      look.includes("bold"),
    ]),
    [
      ["a", "12.00,26", "#d0d3d6", undefined, false],
      ["&lt;b", "20.43,26", "#e5484d", undefined, true],
      ["c", "37.29,26", "#d0d3d6", "#7bb661", false],
      ["d", "45.71,26", "#7bb661", "#d0d3d6", false],
      ["e", "12.00,44", "#d0d3d6", undefined, false],
      ["f", "12.00,100", "#d0d3d6", undefined, false],
    ],
  );
});
