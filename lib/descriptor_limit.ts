import { raiseDescriptorLimit } from "../ffi/descriptor_limit.ts";

/** Far more than the connections that are let live; as in the systemd unit. */
const MOST_DESCRIPTORS = 16_384;

/**
 * Lets the process have more descriptors than the 1,024 of most shells: a burst of connections between two
 * looks of the guard must not leave libvirt or a log file without one.
 */
export function allowManyDescriptors(): void {
  raiseDescriptorLimit(MOST_DESCRIPTORS);
}
