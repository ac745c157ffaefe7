import { labelText } from "../metrics/labels.ts";
import { STATE } from "../metrics/resource_families.ts";
import { type Sample, sample } from "../metrics/sample.ts";
import type { Collector } from "./collector.ts";
import { domainState } from "./domain_states.ts";
import { instanceLabels } from "./instance_labels.ts";
import { ownerLabels } from "./owner_labels.ts";

/** Whether each instance runs, and why not. */
export const INSTANCE_STATE: Collector = {
  name: "state",
  families: Object.values(STATE),
  start() {
    interface Known {
      readonly state: number;
      readonly reason: number | undefined;
      readonly samples: readonly Sample[];
    }
    const known = new WeakMap<object, Known>();
    return (instance) => {
      const { state, stateReason: reason } = instance.stats;
      if (state === undefined) return undefined;
      const last = known.get(instance.description);
      if (last?.state === state && last.reason === reason) return last.samples;
      const labels = labelText(STATE.info.labels, {
        ...ownerLabels(instance),
        ...domainState(state, reason),
      });
      const samples = [
        sample(STATE.code, instanceLabels(instance), state),
        sample(STATE.info, labels, 1),
      ];
      known.set(instance.description, { state, reason, samples });
      return samples;
    };
  },
};
