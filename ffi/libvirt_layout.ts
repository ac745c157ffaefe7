/**
 * Where libvirt's C structures keep their members, and the values of its enumerations, for 64-bit
 * Linux. A test compiles a C program against the installed headers and compares every number.
 */

/** `virDomainStatsRecord {virDomainPtr dom; virTypedParameterPtr params; int nparams;}` */
export const StatsRecord = { size: 24, dom: 0, params: 8, nparams: 16 } as const;

/** `virTypedParameter {char field[80]; int type; union value;}` */
export const TypedParameter = { size: 96, field: 0, fieldLength: 80, type: 80, value: 88 } as const;

/** `virTypedParameterType` */
export const TypedParameterType = {
  INT: 1,
  UINT: 2,
  LLONG: 3,
  ULLONG: 4,
  DOUBLE: 5,
  BOOLEAN: 6,
  STRING: 7,
} as const;

/** `virDomainInfo`; memory is in KiB, cpuTime in nanoseconds. */
export const DomainInfoStruct = {
  size: 40,
  state: 0,
  maxMem: 8,
  memory: 16,
  nrVirtCpu: 24,
  cpuTime: 32,
} as const;

/** `virDomainBlockStatsStruct`, each member a long long; -1 where the driver does not count. */
export const BlockStatsStruct = {
  size: 40,
  rd_req: 0,
  rd_bytes: 8,
  wr_req: 16,
  wr_bytes: 24,
  errs: 32,
} as const;

/** `virDomainInterfaceStatsStruct`, each member a long long; -1 where the driver does not count. */
export const InterfaceStatsStruct = {
  size: 64,
  rx_bytes: 0,
  rx_packets: 8,
  rx_errs: 16,
  rx_drop: 24,
  tx_bytes: 32,
  tx_packets: 40,
  tx_errs: 48,
  tx_drop: 56,
} as const;

/** `virDomainControlInfo {unsigned int state, details; unsigned long long stateTime;}` */
export const ControlInfoStruct = { size: 16, state: 0 } as const;

/** `virDomainControlState`: up to JOB a call that asks the domain for its job gets it at once. */
export const ControlState = { OK: 0, JOB: 1 } as const;

/** `virDomainJobType` of a domain without a job. */
export const JobType = { NONE: 0 } as const;

/** The head of `virError`; code and domain are virErrorNumber and virErrorDomain. */
export const ErrorStruct = { code: 0, domain: 4, message: 8, level: 16 } as const;

/** `virDomainStatsTypes`: the groups of the bulk call that the program asks for. */
export const StatsGroup = { STATE: 1, CPU_TOTAL: 2, BALLOON: 4, INTERFACE: 16, BLOCK: 32 } as const;

/** `virConnectGetAllDomainStatsFlags` */
export const StatsFlag = { ACTIVE: 1, NOWAIT: 0x2000_0000, ENFORCE_STATS: 0x8000_0000 } as const;

/** `virConnectListAllDomainsFlags` */
export const ListFlag = { ACTIVE: 1 } as const;

/** `VIR_UUID_STRING_BUFLEN`: 36 characters and the NUL. */
export const UUID_STRING_LENGTH = 37;
