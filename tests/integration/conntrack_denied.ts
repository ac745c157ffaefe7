/** Run without CAP_NET_ADMIN by the test beside it: prints the error of a reading as JSON. */
import { openConntrackSocket } from "../../ffi/conntrack.ts";
import { openLibc } from "../../ffi/libc.ts";
import { ConntrackReader } from "../../lib/reading/conntrack_reader.ts";

using libc = openLibc();
using reader = new ConntrackReader({ outbound: true, open: () => openConntrackSocket(libc) });
const reading = reader.read([]);
console.log(JSON.stringify(reading.ok ? "permitted" : reading.error.message));
