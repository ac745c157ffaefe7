import { labelText } from "../metrics/labels.ts";
import { NETWORK_INFO } from "../metrics/device_families.ts";
import { type Sample, sample } from "../metrics/sample.ts";
import type { Collector } from "./collector.ts";
import type { InstanceReading } from "./cycle.ts";
import { byDescription, ownerLabels } from "./owner_labels.ts";

/** What each vNIC is, by the XML. */
export const NETWORK_PORTS: Collector = {
  name: "network_info",
  families: [NETWORK_INFO],
  start: () =>
    byDescription((instance: InstanceReading): readonly Sample[] => {
      const owner = ownerLabels(instance);
      return instance.description.interfaces.map(
        ({ device, mac, bridge, model, portUuid, mtu }) =>
          sample(
            NETWORK_INFO,
            labelText(NETWORK_INFO.labels, {
              ...owner,
              interface: device,
              mac,
              bridge,
              model,
              port_uuid: portUuid,
              mtu,
            }),
            1,
          ),
      );
    }),
};
