/** What went wrong while a cycle read; absent is well. */
export interface ReadTroubles {
  /** Why domains could not be listed. */
  readonly libvirt: Error | undefined;
  /** Why the conntrack table could not be read. */
  readonly conntrack: Error | undefined;
  /** Why this host's own addresses could not be listed. */
  readonly hostAddresses?: Error | undefined;
  /** Why domains could not be used, by libvirt's name. */
  readonly domains: ReadonlyMap<string, Error>;
}
