import { OUTBOUND } from "../metrics/instance_families.ts";
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

/** Whom a fixed IP talks to, as counts; the seven families appear together. */
export const OUTBOUND_BEHAVIOR: Collector = {
  name: "outbound",
  families: COUNTS.map((count) => OUTBOUND[count]),
  needsFlows: true,
  start(config) {
    if (!config["outbound.behavior.enable"]) return undefined;
    const min = config["conntrack.min"];
    return (instance, cycle) =>
      eachFixedIp(instance, cycle, ({ outbound }, labels) => {
        if (!outbound || (outbound.uniqueRemotes < min && outbound.flows < min)) return [];
        return COUNTS.map((count) => sample(OUTBOUND[count], labels, outbound[count]));
      });
  },
};
