/** What the XML says of where a disk's bytes are. */
export interface DiskSource {
  /** `disk@type`: `file`, `network`, `block`, or one of the rarer ones. */
  readonly type: string;
  /** `source@name` of a network disk: `pool/image`. */
  readonly name: string;
  /** File, device, directory or volume, whichever the source has. */
  readonly path: string;
  readonly serial: string;
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * The tier of a disk, the `disk_type` label. The pool of a network disk is what stands before the
 * first slash; a name without a pool has no tier.
 */
export function diskTier({ type, name }: DiskSource): string {
  if (type === "file") return "local";
  if (type === "block") return "block";
  if (type !== "network") return "unknown";
  return name.slice(0, Math.max(name.indexOf("/"), 0)) || "unknown";
}

/**
 * The best name of the volume behind a disk: its serial, where Nova writes the Cinder volume's id;
 * else what its pool calls it; else its path.
 */
export function diskUuid({ name, path, serial }: DiskSource): string {
  if (UUID.test(serial)) return serial;
  const volume = name.slice(name.indexOf("/") + 1);
  return (volume.startsWith("volume-") ? volume.slice("volume-".length) : volume) || path;
}
