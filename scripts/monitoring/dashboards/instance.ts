import type { Dashboard } from "./dashboard.ts";
import { BEHAVIOUR_ROW, FLOW_ROW, NETWORK_ROW } from "./instance_network.ts";
import { I } from "./instance_panels.ts";
import { CPU_ROW, DISK_ROW, JOB_ROW, MEMORY_ROW, STATE_ROW } from "./instance_resources.ts";
import { INSTANCE_COLUMNS, instanceTable } from "./instance_table.ts";
import { hypervisorVariable, instanceVariable, projectVariable } from "./variables.ts";

export const INSTANCE: Dashboard = {
  uid: "oie-instance",
  title: "OpenStack instances / Instance",
  description: "One instance: state, CPU, memory, each disk, each vNIC, each fixed IP, its jobs.",
  variables: [hypervisorVariable(true), projectVariable(true), instanceVariable(false)],
  rows: [
    { title: "Instance", panels: [instanceTable("Instance", I, INSTANCE_COLUMNS)] },
    STATE_ROW,
    CPU_ROW,
    MEMORY_ROW,
    DISK_ROW,
    NETWORK_ROW,
    FLOW_ROW,
    BEHAVIOUR_ROW,
    JOB_ROW,
  ],
};
