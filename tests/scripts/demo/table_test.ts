import assert from "node:assert/strict";
import { alignColumns } from "../../../scripts/demo/table.ts";

Deno.test("alignColumns sets text left and figures right, by code points", () => {
  const rows = [["name", "n", ""], ["東京", "1000", "x"], ["", "7", ""]];
  assert.equal(
    alignColumns(rows, ["left", "right", "left"]),
    ["name     n", "東京    1000  x", "         7"].join("\n"),
  );
  assert.equal(alignColumns([], ["left"]), "");
});
