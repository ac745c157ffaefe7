/// <reference lib="deno.worker" />
import { lowerThreadPriority } from "../../ffi/thread_priority.ts";

lowerThreadPriority();
self.postMessage("lowered");
