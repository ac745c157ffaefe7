import { type DomainList, HandleDomain, identityOf } from "./libvirt_domain.ts";
import { lastLibvirtError } from "./libvirt_error.ts";
import { ListFlag } from "./libvirt_layout.ts";
import type { Libvirt } from "./libvirt_symbols.ts";

/**
 * All running domains without their statistics, for drivers that have no bulk call: per-domain calls
 * give the rest. The caller disposes the list.
 *
 * @throws {LibvirtError} If the call fails.
 */
export function listActiveDomains(libvirt: Libvirt, connection: Deno.PointerValue): DomainList {
  const out = new BigUint64Array(1);
  const count = libvirt.virConnectListAllDomains(connection, out, ListFlag.ACTIVE);
  if (count < 0) throw lastLibvirtError(libvirt, "Cannot list domains");
  const array = Deno.UnsafePointer.create(out[0] ?? 0n);
  if (array === null) return { domains: [], [Symbol.dispose]: () => {} };
  const view = new Deno.UnsafePointerView(array);
  const handles = Array.from({ length: count }, (_, i) => view.getPointer(i * 8));
  libvirt.free(array);
  let isFreed = false;
  const domains = handles.map((handle) => {
    const borrow = () => {
      if (isFreed) throw new Error("Cannot read a domain: its list is disposed");
      return handle;
    };
    return new HandleDomain(libvirt, borrow, identityOf(libvirt, handle));
  });
  return {
    domains,
    [Symbol.dispose]() {
      if (isFreed) return;
      isFreed = true;
      for (const handle of handles) libvirt.virDomainFree(handle);
    },
  };
}
