/** Run by the test beside it: prints the error of a connection that libvirt refuses, as JSON. */
import { LibvirtConnection } from "../../ffi/libvirt.ts";

try {
  LibvirtConnection.open(Deno.args[0] ?? "").close();
} catch (error) {
  console.log(JSON.stringify(error instanceof Error ? error.message : error));
}
