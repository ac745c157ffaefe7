/** Loaded before the program by the test beside it: a defect that a signal brings to light. */
Deno.addSignalListener("SIGUSR2", function defect() {
  throw new TypeError("a defect");
});
