import type { Dashboard } from "./dashboard.ts";
import { EXPORTER } from "./exporter.ts";
import { FLEET } from "./fleet.ts";
import { HYPERVISOR } from "./hypervisor.ts";
import { INSTANCE } from "./instance.ts";
import { PROJECT } from "./project.ts";
import { THREATS } from "./threats.ts";

/** Every dashboard, from the whole to the single. */
export const DASHBOARDS: readonly Dashboard[] = [
  FLEET,
  HYPERVISOR,
  PROJECT,
  INSTANCE,
  THREATS,
  EXPORTER,
];
