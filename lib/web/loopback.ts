/**
 * Tells whether a connection comes from this machine: 127.0.0.0/8, ::1, or an IPv4 loopback address
 * mapped into IPv6. Only the connection's own address counts, no header does.
 */
export function isLoopback(address: Deno.Addr): boolean {
  if (address.transport !== "tcp") return false;
  const host = address.hostname.toLowerCase();
  if (host === "::1") return true;
  return /^(?:::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
