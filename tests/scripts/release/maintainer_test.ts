import assert from "node:assert/strict";
import { maintainer } from "../../../scripts/release/maintainer.ts";

Deno.test("maintainer is who is named, or nobody's address", () => {
  assert.equal(maintainer("Ops Team <ops@cloud.example>"), "Ops Team <ops@cloud.example>");
  for (const none of [undefined, ""]) assert.match(maintainer(none), / <.+@.+\.invalid>$/);
});

Deno.test("maintainer refuses what Debian would not take", () => {
  for (
    const bad of ["ops", "ops@cloud.example", "<ops@cloud.example>", "Ops <ops>", "A\nB <a@b>"]
  ) {
    assert.throws(() => maintainer(bad), {
      name: "SyntaxError",
      message: `Cannot release with MAINTAINER "${bad}": expected a name and an address, such as ` +
        "Ops <ops@cloud.example>",
    });
  }
});
