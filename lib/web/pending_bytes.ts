/** The state of an open connection in the kernel's table. */
const ESTABLISHED = "01";

/**
 * Tells whether the kernel still holds bytes for a client of one of our ports, by the text of
 * /proc/net/tcp or tcp6 (Linux, Documentation/networking/proc_net_tcp.rst): local address and port,
 * remote address and port, state, then `tx_queue:rx_queue`, all in hexadecimal.
 */
export function hasPendingBytes(table: string, ports: ReadonlySet<number>): boolean {
  for (const line of table.split("\n").slice(1)) {
    const [, local = "", , state, queues = ""] = line.trim().split(/\s+/);
    if (state !== ESTABLISHED || !ports.has(parseInt(local.slice(-4), 16))) continue;
    if (parseInt(queues, 16) > 0) return true;
  }
  return false;
}
