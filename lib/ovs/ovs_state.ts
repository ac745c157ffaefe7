import type { PortZones } from "../conntrack/port_zones.ts";

/** Path of Open vSwitch's database where nothing else is said. */
export const USUAL_SOCKET = "/run/openvswitch/db.sock";

/** What is known of Open vSwitch's database; zones are there while it is followed. */
export interface OvsState {
  readonly zones?: PortZones;
}
