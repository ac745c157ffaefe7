import { TypedParameter, TypedParameterType } from "./libvirt_layout.ts";

/** How a job on a domain stands; a number that libvirt did not give is absent. */
export interface JobStats {
  /** `virDomainJobOperation` */
  readonly operation?: number;
  readonly elapsedMs?: number;
  /** Expected standstill of the guest at the job's end. */
  readonly downtimeMs?: number;
  readonly totalBytes?: number;
  readonly processedBytes?: number;
  readonly remainingBytes?: number;
  readonly memoryBytesPerSecond?: number;
  /** Pages a second that the guest writes to. */
  readonly dirtyPagesPerSecond?: number;
  readonly pageBytes?: number;
  readonly iterations?: number;
}

type Key = keyof JobStats;

/** Names of the parameters of `virDomainGetJobStats` (libvirt-domain.h, VIR_DOMAIN_JOB_*). */
const KEYS: ReadonlyMap<string, Key> = new Map<string, Key>([
  ["operation", "operation"],
  ["time_elapsed", "elapsedMs"],
  ["downtime", "downtimeMs"],
  ["data_total", "totalBytes"],
  ["data_processed", "processedBytes"],
  ["data_remaining", "remainingBytes"],
  ["memory_bps", "memoryBytesPerSecond"],
  ["memory_dirty_rate", "dirtyPagesPerSecond"],
  ["memory_page_size", "pageBytes"],
  ["memory_iteration", "iterations"],
]);

const DECODER = new TextDecoder();

/** Reads the memory of `virTypedParameter`s of a job, one after the other. */
export function parseJobStats(params: ArrayBuffer): JobStats {
  const view = new DataView(params);
  const stats: { -readonly [K in Key]?: number } = {};
  for (let at = 0; at + TypedParameter.size <= params.byteLength; at += TypedParameter.size) {
    const field = new Uint8Array(params, at, TypedParameter.fieldLength);
    const end = field.indexOf(0);
    const key = KEYS.get(DECODER.decode(field.subarray(0, end < 0 ? field.length : end)));
    const value = numberAt(view, at);
    if (key !== undefined && value !== undefined) stats[key] = value;
  }
  return stats;
}

/** The value of a numeric parameter; a negative one is none. */
function numberAt(view: DataView, at: number): number | undefined {
  const value = at + TypedParameter.value;
  switch (view.getInt32(at + TypedParameter.type, true)) {
    case TypedParameterType.INT:
      return positive(view.getInt32(value, true));
    case TypedParameterType.UINT:
      return view.getUint32(value, true);
    case TypedParameterType.LLONG:
      return positive(Number(view.getBigInt64(value, true)));
    case TypedParameterType.ULLONG:
      return Number(view.getBigUint64(value, true));
    default:
      return undefined;
  }
}

function positive(value: number): number | undefined {
  return value < 0 ? undefined : value;
}
