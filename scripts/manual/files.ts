import { bashCompletion } from "./bash_completion.ts";
import { fishCompletion } from "./fish_completion.ts";
import { manPage } from "./man_page.ts";
import { zshCompletion } from "./zsh_completion.ts";

/** The manual page and the completions: what writes each, by its path in the repository. */
export const MANUAL_FILES = {
  "packaging/man/openstack_instance_exporter.1": manPage,
  "packaging/completions/openstack_instance_exporter.bash": bashCompletion,
  "packaging/completions/_openstack_instance_exporter": zshCompletion,
  "packaging/completions/openstack_instance_exporter.fish": fishCompletion,
} as const satisfies Readonly<Record<string, () => string>>;
