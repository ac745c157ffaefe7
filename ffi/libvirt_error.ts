import { ErrorStruct } from "./libvirt_layout.ts";
import type { Libvirt } from "./libvirt_symbols.ts";

/** What an error of libvirt means for the program. */
export type LibvirtErrorKind =
  /** The connection is dead: close it and open another one. */
  | "connection lost"
  /** One guest went away between two calls. */
  | "domain gone"
  /** This driver or this libvirt cannot do what was asked. */
  | "unsupported"
  | "other";

/** `virErrorNumber`: the codes that the program tells apart. */
const Code = {
  INTERNAL_ERROR: 1,
  NO_SUPPORT: 3,
  SYSTEM_ERROR: 38,
  RPC: 39,
  NO_DOMAIN: 42,
  OPERATION_INVALID: 55,
  ARGUMENT_UNSUPPORTED: 74,
  OPERATION_UNSUPPORTED: 84,
} as const;

/** `virErrorDomain`: the parts of libvirt that the program tells apart. */
const Domain = { RPC: 7, QEMU: 10, REMOTE: 13 } as const;

const LOST: ReadonlySet<number> = new Set([Code.INTERNAL_ERROR, Code.SYSTEM_ERROR, Code.RPC]);
const GONE: ReadonlySet<number> = new Set([Code.NO_DOMAIN, Code.OPERATION_INVALID]);
const UNSUPPORTED: ReadonlySet<number> = new Set([
  Code.NO_SUPPORT,
  Code.ARGUMENT_UNSUPPORTED,
  Code.OPERATION_UNSUPPORTED,
]);

/** A call of libvirt that failed, with what libvirt said of it. */
export class LibvirtError extends Error {
  override readonly name = "LibvirtError";
  /** virErrorNumber, 0 where libvirt gave no reason. */
  readonly code: number;
  /** virErrorDomain: the part of libvirt that failed. */
  readonly domain: number;
  /** virErrorLevel: 1 warning, 2 error. */
  readonly level: number;

  constructor(
    message: string,
    reason: { readonly code: number; readonly domain: number; readonly level: number },
  ) {
    super(message);
    ({ code: this.code, domain: this.domain, level: this.level } = reason);
  }

  /** What the error means for the program. */
  get kind(): LibvirtErrorKind {
    return classifyLibvirtError(this.code, this.domain);
  }
}

/** libvirt cannot be used at all: it is not installed, or this program may not load it. */
export class LibvirtUnavailableError extends Error {
  override readonly name = "LibvirtUnavailableError";
}

/** Sorts an error by its virErrorNumber and virErrorDomain. */
export function classifyLibvirtError(code: number, domain: number): LibvirtErrorKind {
  if ((domain === Domain.RPC || domain === Domain.REMOTE) && LOST.has(code)) {
    return "connection lost";
  }
  if (GONE.has(code) || (code === Code.SYSTEM_ERROR && domain === Domain.QEMU)) {
    return "domain gone";
  }
  return UNSUPPORTED.has(code) ? "unsupported" : "other";
}

/**
 * The error of the call that has just failed. libvirt keeps it per thread until the next call: ask
 * at once.
 *
 * @param action What failed, such as `Cannot read the XML of domain instance-0000000a`.
 */
export function lastLibvirtError(libvirt: Libvirt, action: string): LibvirtError {
  const error = libvirt.virGetLastError();
  if (error === null) {
    return new LibvirtError(`${action}: libvirt gave no reason`, { code: 0, domain: 0, level: 0 });
  }
  const view = new Deno.UnsafePointerView(error);
  const code = view.getInt32(ErrorStruct.code);
  const domain = view.getInt32(ErrorStruct.domain);
  const level = view.getInt32(ErrorStruct.level);
  const text = view.getPointer(ErrorStruct.message);
  const said = text === null ? "no message" : Deno.UnsafePointerView.getCString(text);
  return new LibvirtError(
    `${action}: ${said} (libvirt code ${code}, domain ${domain})`,
    { code, domain, level },
  );
}
