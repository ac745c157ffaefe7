import { LibvirtUnavailableError } from "./libvirt_error.ts";
import { libvirtSymbols } from "./libvirt_symbols.ts";

/** The library's name as the dynamic linker looks for it; the major version has never changed. */
const SONAME = "libvirt.so.0";

/**
 * Loads libvirt and silences it: it would print each of its errors to stderr, and libxml2 some of its own.
 *
 * @throws {LibvirtUnavailableError} If it is not installed, too old, or may not be loaded.
 */
export function openLibvirtLibrary(): Deno.DynamicLibrary<typeof libvirtSymbols> {
  const library = loadLibrary();
  const { symbols } = library;
  if (symbols.virInitialize() < 0) {
    library.close();
    throw new LibvirtUnavailableError(
      `Cannot initialize libvirt: virInitialize() of ${SONAME} failed`,
    );
  }
  symbols.virSetErrorFunc(null, symbols.virResetError);
  // Its own complaints, about files, pass libvirt by. A handler for the calling thread:
  // void (*)(void *ctx, const char *msg, ...), for which virResetError(NULL) does nothing too.
  symbols.xmlSetGenericErrorFunc?.(null, symbols.virResetError);
  return library;
}

function loadLibrary(): Deno.DynamicLibrary<typeof libvirtSymbols> {
  try {
    return Deno.dlopen(SONAME, libvirtSymbols);
  } catch (cause) {
    const said = cause instanceof Error ? cause.message : String(cause);
    const hint = cause instanceof Deno.errors.NotCapable
      ? "grant --allow-ffi"
      : "install libvirt 4.5 or newer (Debian and Ubuntu: libvirt0; Red Hat: libvirt-libs)";
    throw new LibvirtUnavailableError(
      `Cannot load libvirt: tried ${SONAME} in the directories of the dynamic linker: ${said}; ${hint}`,
      { cause },
    );
  }
}
