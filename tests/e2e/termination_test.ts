import { terminateAtAnyPoint } from "./terminate.ts";

Deno.test("binary ends cleanly at any point of a cycle", async () => {
  await terminateAtAnyPoint(20, 4);
});
