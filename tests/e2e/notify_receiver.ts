/// <reference lib="deno.unstable" />
/** A service manager's end of sd_notify(3): writes each datagram to stdout, as one line of JSON. */
const [path] = Deno.args;
if (path === undefined) throw new TypeError("Cannot receive: the first argument is the path");
const socket = Deno.listenDatagram({ transport: "unixpacket", path });
Deno.chmodSync(path, 0o777);
console.log("listening");
for await (const [bytes] of socket) console.log(JSON.stringify(new TextDecoder().decode(bytes)));
