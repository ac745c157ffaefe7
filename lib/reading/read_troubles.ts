/** What went wrong while a cycle read; absent is well. */
export interface ReadTroubles {
  /** Why domains could not be listed. */
  readonly libvirt: Error | undefined;
  /** Why the conntrack table could not be read. */
  readonly conntrack: Error | undefined;
  /** Why this host's own addresses could not be listed. */
  readonly hostAddresses?: Error | undefined;
  /** Why no vCPU thread could be seen. */
  readonly vcpuThreads?: Error | undefined;
  /** Why files of the kernel could not be used, by their path. */
  readonly kernelFiles?: ReadonlyMap<string, Error>;
  /** Why domains could not be used, by libvirt's name. */
  readonly domains: ReadonlyMap<string, Error>;
}
