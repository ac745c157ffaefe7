/**
 * One end of a TCP transfer, both of which send at the same time. Arguments: `listen` or `connect`, an
 * address, a port, and how many bytes to send: half of them at once, the others after SIGUSR1. Prints
 * `listening` once it is, then how many bytes came from the other end.
 */
const CHUNK = new Uint8Array(65_536);

async function send(connection: Deno.Conn, bytes: number): Promise<void> {
  for (let left = bytes; left > 0;) left -= await connection.write(CHUNK.subarray(0, left));
}

async function sendAll(connection: Deno.Conn, bytes: number): Promise<void> {
  const half = Math.floor(bytes / 2);
  const { promise: goOn, resolve } = Promise.withResolvers<void>();
  Deno.addSignalListener("SIGUSR1", resolve);
  await send(connection, half);
  await goOn;
  Deno.removeSignalListener("SIGUSR1", resolve);
  await send(connection, bytes - half);
  await connection.closeWrite();
}

async function receiveAll(connection: Deno.Conn): Promise<number> {
  const buffer = new Uint8Array(CHUNK.length);
  let received = 0;
  for (let read; (read = await connection.read(buffer)) !== null;) received += read;
  return received;
}

async function accept(hostname: string, port: number): Promise<Deno.Conn> {
  using listener = Deno.listen({ hostname, port });
  console.log("listening");
  return await listener.accept();
}

async function main([role, hostname = "", port, bytes]: readonly string[]): Promise<void> {
  using connection = role === "listen"
    ? await accept(hostname, Number(port))
    : await Deno.connect({ hostname, port: Number(port) });
  const [received] = await Promise.all([
    receiveAll(connection),
    sendAll(connection, Number(bytes)),
  ]);
  console.log(received);
}

if (import.meta.main) await main(Deno.args);
