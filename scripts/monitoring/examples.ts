/** A question that operators ask, and the expression that answers it. */
export interface Example {
  readonly question: string;
  readonly expr: string;
  /** Why no answer is what a small quiet cloud gives; elsewhere there must be one. */
  readonly mayBeEmpty?: string;
}

const INFO = "group_left (project_name, flavor) oie_instance_info";

/** Examples for the documents, over the names of the specification and the recorded ones. */
export const EXAMPLES: readonly Example[] = [
  {
    question: "Which ten instances use the most CPU, in whole CPUs, with the project's name?",
    expr: `topk(10, rate(oie_cpu_seconds_total[5m]) * on (hypervisor, instance_uuid) ${INFO})`,
  },
  {
    question: "Whose vCPUs wait for a CPU of the host more than 5 % of the time?",
    expr:
      "rate(oie_cpu_steal_seconds_total[5m]) / on (hypervisor, instance_uuid) oie_cpu_vcpus > 0.05",
    mayBeEmpty: "steal comes from QEMU's threads",
  },
  {
    question: "How many MiB a second does each project send?",
    expr: "1024 * project:oie_net_tx_gbytes:rate5m",
  },
  {
    question: "Which disks are above the read threshold of their tier?",
    expr: "rate(oie_disk_r_requests[5m]) > oie_disk_r_alert_threshold",
    mayBeEmpty: "none is",
  },
  {
    question: "How long does a read request of each disk take, in seconds?",
    expr: "rate(oie_disk_read_seconds_total[5m]) / rate(oie_disk_r_requests[5m])",
  },
  {
    question: "Which instances have less than a tenth of their memory left, as the guest says?",
    expr: "oie_memory_usable_bytes / oie_memory_available_bytes < 0.1",
    mayBeEmpty: "it takes a guest with a balloon driver",
  },
  {
    question: "Who holds the most of the conntrack table, as a part of its limit?",
    expr: "topk(10, sum by (hypervisor, instance_uuid, project_uuid)" +
      " (oie_conntrack_ip_flows_total)" +
      " / on (hypervisor) group_left oie_host_conntrack_max)",
  },
  {
    question: "How full is the conntrack table of each host?",
    expr: "hypervisor:oie_conntrack_used:ratio",
  },
  {
    question: "Which fixed IPs reach many new remotes on few ports: a scan?",
    expr: "oie_outbound_new_remotes > 100 and oie_outbound_unique_dst_ports < 5",
    mayBeEmpty: "nobody scans for long",
  },
  {
    question: "Which instances were in contact with a list within 15 minutes, and how often?",
    expr: "instance_list:oie_contact:increase15m",
  },
  {
    question: "How many vCPUs are sold for each CPU of a host?",
    expr: "oie_host_vcpu_overcommit_ratio",
  },
  {
    question: "How many instances of each flavor does a project have?",
    expr: "count by (project_name, flavor) (oie_instance_info)",
  },
  {
    question: "How old is what each exporter serves, in seconds?",
    expr: "time() - oie_host_last_collection_timestamp_seconds",
  },
];

/** The examples in Markdown. */
export function examplesMarkdown(): string {
  return EXAMPLES.map(({ question, expr }) => `${question}\n\n\`\`\`promql\n${expr}\n\`\`\`\n`)
    .join("\n");
}
