import assert from "node:assert/strict";
import { anchorsOf, brokenLinks } from "./markdown_links.ts";

Deno.test("anchorsOf makes anchors as GitHub does", () => {
  const text =
    "# A `b.c`, d!\n```sh\n# no heading\n```\n## Ärger & Co\n## Same\n## Same\n### [x y](z.md) ##\n";
  assert.deepEqual([...anchorsOf(text)], ["a-bc-d", "ärger--co", "same", "same-1", "x-y"]);
});

Deno.test("brokenLinks tells files and headings that are not there", () => {
  const pages = new Map([
    [
      "a/one.md",
      "# One\n[up](../two.md#good) [self](#one) [dir](../a) [out](https://x.example/#y)",
    ],
    [
      "two.md",
      "# Good\n[gone](three.md) [bad](a/one.md#two) `[code](no.md)`\n```\n[block](no.md)\n```\n![p](x.png)",
    ],
  ]);
  const there = ["a", "a/one.md", "two.md"];
  assert.deepEqual(brokenLinks(pages, (path) => there.includes(path)), [
    "two.md: no file three.md",
    "two.md: no heading a/one.md#two",
    "two.md: no file x.png",
  ]);
});
