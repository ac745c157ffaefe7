import { INBOUND, OUTBOUND } from "../metrics/flow_families.ts";
import { sample } from "../metrics/sample.ts";
import type { Collector } from "./collector.ts";
import { eachFixedIp } from "./conntrack.ts";

const COUNTS = [
  "uniqueRemotes",
  "newRemotes",
  "flows",
  "maxFlowsSingleRemote",
  "uniqueDstPorts",
  "newDstPorts",
  "maxFlowsSingleDstPort",
] as const satisfies readonly (keyof typeof OUTBOUND)[];

/** Whom a fixed IP talks to, as counts. */
export const OUTBOUND_BEHAVIOR = behavior("outbound", OUTBOUND);

/** Who talks to a fixed IP, as counts. */
export const INBOUND_BEHAVIOR = behavior("inbound", INBOUND);

/** The seven families of a direction appear together. */
function behavior(name: "outbound" | "inbound", families: typeof OUTBOUND): Collector {
  return {
    name,
    families: COUNTS.map((count) => families[count]),
    needsFlows: true,
    start(config) {
      if (!config[`${name}.behavior.enable`]) return undefined;
      const min = config["conntrack.min"];
      return (instance, cycle) =>
        eachFixedIp(instance, cycle, ({ [name]: counts }, labels) => {
          if (!counts || (counts.uniqueRemotes < min && counts.flows < min)) return [];
          return COUNTS.map((count) => sample(families[count], labels, counts[count]));
        });
    },
  };
}
