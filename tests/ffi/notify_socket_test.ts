import assert from "node:assert/strict";
import { openNotifySocket } from "../../ffi/notify_socket.ts";

Deno.test("NotifySocket.send answers false where nobody listens", () => {
  const folder = Deno.makeTempDirSync({ prefix: "oie-notify-" });
  try {
    using socket = openNotifySocket(`${folder}/none`);
    assert.equal(socket.send("READY=1"), false);
    using abstract = openNotifySocket(`@${folder}/none`);
    assert.equal(abstract.send("READY=1"), false);
  } finally {
    Deno.removeSync(folder);
  }
});
