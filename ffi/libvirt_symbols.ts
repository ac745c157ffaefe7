/**
 * The functions of libvirt that the program may call: they read, and nothing else is bound.
 * Declarations: libvirt-host.h, libvirt-domain.h and virterror.h.
 */
export const libvirtSymbols = {
  // int virInitialize(void);
  virInitialize: { parameters: [], result: "i32" },
  // virConnectPtr virConnectOpenReadOnly(const char *name);
  virConnectOpenReadOnly: { parameters: ["buffer"], result: "pointer" },
  // int virConnectClose(virConnectPtr conn);
  virConnectClose: { parameters: ["pointer"], result: "i32" },
  // int virConnectGetAllDomainStats(virConnectPtr conn, unsigned int stats,
  //     virDomainStatsRecordPtr **retStats, unsigned int flags);
  virConnectGetAllDomainStats: { parameters: ["pointer", "u32", "buffer", "u32"], result: "i32" },
  // void virDomainStatsRecordListFree(virDomainStatsRecordPtr *stats);
  virDomainStatsRecordListFree: { parameters: ["pointer"], result: "void" },
  // int virConnectListAllDomains(virConnectPtr conn, virDomainPtr **domains, unsigned int flags);
  virConnectListAllDomains: { parameters: ["pointer", "buffer", "u32"], result: "i32" },
  // int virDomainFree(virDomainPtr domain); gives the handle back, the domain lives on.
  virDomainFree: { parameters: ["pointer"], result: "i32" },
  // const char *virDomainGetName(virDomainPtr domain);
  virDomainGetName: { parameters: ["pointer"], result: "pointer" },
  // int virDomainGetUUIDString(virDomainPtr domain, char *buf);
  virDomainGetUUIDString: { parameters: ["pointer", "buffer"], result: "i32" },
  // unsigned int virDomainGetID(virDomainPtr domain);
  virDomainGetID: { parameters: ["pointer"], result: "u32" },
  // char *virDomainGetXMLDesc(virDomainPtr domain, unsigned int flags);
  virDomainGetXMLDesc: { parameters: ["pointer", "u32"], result: "pointer" },
  // int virDomainGetInfo(virDomainPtr domain, virDomainInfoPtr info);
  virDomainGetInfo: { parameters: ["pointer", "buffer"], result: "i32" },
  // int virDomainBlockStats(virDomainPtr dom, const char *disk, virDomainBlockStatsPtr stats, size_t size);
  virDomainBlockStats: { parameters: ["pointer", "buffer", "buffer", "usize"], result: "i32" },
  // int virDomainInterfaceStats(virDomainPtr dom, const char *device,
  //     virDomainInterfaceStatsPtr stats, size_t size);
  virDomainInterfaceStats: { parameters: ["pointer", "buffer", "buffer", "usize"], result: "i32" },
  // int virDomainGetControlInfo(virDomainPtr domain, virDomainControlInfoPtr info, unsigned int flags);
  virDomainGetControlInfo: { parameters: ["pointer", "buffer", "u32"], result: "i32" },
  // int virDomainGetJobStats(virDomainPtr domain, int *type, virTypedParameterPtr *params,
  //     int *nparams, unsigned int flags);
  virDomainGetJobStats: {
    parameters: ["pointer", "buffer", "buffer", "buffer", "u32"],
    result: "i32",
  },
  // void virTypedParamsFree(virTypedParameterPtr params, int nparams);
  virTypedParamsFree: { parameters: ["pointer", "i32"], result: "void" },
  // int virConnectGetLibVersion(virConnectPtr conn, unsigned long *libVer);
  virConnectGetLibVersion: { parameters: ["pointer", "buffer"], result: "i32" },
  // int virConnectGetVersion(virConnectPtr conn, unsigned long *hvVer);
  virConnectGetVersion: { parameters: ["pointer", "buffer"], result: "i32" },
  // virErrorPtr virGetLastError(void);
  virGetLastError: { parameters: [], result: "pointer" },
  // void virSetErrorFunc(void *userData, virErrorFunc handler);
  virSetErrorFunc: { parameters: ["pointer", "pointer"], result: "void" },
  // void virResetError(virErrorPtr err); taken as an address only: the quiet error handler.
  virResetError: { type: "pointer" },
  // void xmlSetGenericErrorFunc(void *ctx, xmlGenericErrorFunc handler); of libxml2, which libvirt
  // parses XML with; a build without it has nothing to silence.
  xmlSetGenericErrorFunc: { parameters: ["pointer", "pointer"], result: "void", optional: true },
  // void free(void *ptr); found through libvirt, so that it is the allocator libvirt itself uses.
  free: { parameters: ["pointer"], result: "void" },
} as const satisfies Deno.ForeignLibraryInterface;

/** libvirt, loaded. */
export type Libvirt = Deno.DynamicLibrary<typeof libvirtSymbols>["symbols"];
