import config from "../../deno.json" with { type: "json" };
import type { FlagRow } from "../../lib/config/flag_row.ts";
import { KINDS } from "../../lib/config/kinds.ts";
import { type SubcommandFlag, SUBCOMMANDS } from "../../lib/config/subcommands.ts";
import { flagGroups } from "../../lib/config/usage.ts";

const NAME = "openstack_instance_exporter";

/**
 * The manual page of section 1, in the macros of man(7). It has no date: it follows from the flags and
 * the version alone.
 */
export function manPage(): string {
  const commands = SUBCOMMANDS.map(({ name, synopsis }) =>
    `.br\n.B ${NAME} ${roff(name)}\n${roff(synopsis)}\n`
  );
  const actions = SUBCOMMANDS.map(({ name, synopsis, help, flags }) =>
    `.TP\n.B ${roff(name)} ${roff(synopsis)}\n${roff(help)}.\n` +
    `.RS\n${flags.map(subcommandFlag).join("")}.RE\n`
  );
  const groups = [...flagGroups()].map(([group, rows]) =>
    `.SS ${roff(group)}\n${rows.map(option).join("")}`
  );
  return `.\\" Generated from the table of flags by "deno task docs": change nothing here.
.TH ${NAME.toUpperCase()} 1 "" "${NAME} ${config.version}"
.SH NAME
${NAME} \\- Prometheus metrics of each instance on an OpenStack compute node
.SH SYNOPSIS
.B ${NAME}
.RI [ flags ]
${commands.join("")}.SH DESCRIPTION
${DESCRIPTION}.SH COMMANDS
${actions.join("")}.SH OPTIONS
${OPTIONS}${groups.join("")}${END}`;
}

function subcommandFlag(flag: SubcommandFlag): string {
  const words = Array.isArray(flag.value) ? `: ${flag.value.join(", ")}` : "";
  const shown = flag.default === "" || flag.value === "switch" ? "" : ` (default ${flag.default})`;
  return tagged(flag.name, flag.placeholder, `${flag.help}${words}${shown}`);
}

function option({ name, kind, help, default: standard }: FlagRow): string {
  const { placeholder } = KINDS[kind];
  const shown = kind === "boolean" || standard === "" ? "" : ` (default ${standard})`;
  return tagged(name, placeholder, `${help}${shown}`);
}

function tagged(name: string, placeholder: string, text: string): string {
  const head = placeholder === ""
    ? `.B \\-${roff(name)}`
    : `.BI \\-${roff(name)}= ${quoted(placeholder)}`;
  return `.TP\n${head}\n${roff(text)}.\n`;
}

/** Text as roff prints it: a hyphen that can be copied, no control line, no escape. */
function roff(text: string): string {
  return text.replaceAll("\\", "\\e").replaceAll("-", "\\-").replace(/^[.']/, "\\&$&");
}

function quoted(text: string): string {
  return `"${roff(text).replaceAll('"', '""')}"`;
}

const DESCRIPTION =
  `It reads libvirt and the kernel's connection tracking table in the background, and serves what each
instance does with CPU, disks, network and connections, with the UUIDs of its project and user, in the
text format of Prometheus.
A scrape copies bytes that are ready.
.PP
Parameters of a scrape choose collectors:
.B collect[]
takes those that it names, and
.B exclude[]
all others; each may be given more than once, but not one beside the other.
Names are those of the label
.I collector
of oie_collector_success, and host, host_conntrack, host_numa and libvirt_info.
What the exporter says of itself is always there.
.PP
libvirt is opened read\\-only, which needs no group.
To read the connection tracking table takes the capability
.BR CAP_NET_ADMIN ;
without it all else works.
`;

const OPTIONS = `Flags are written as
.BR \\-x=v ,
.BR "\\-x v" " or"
.BR \\-\\-x=v ;
the last one of a flag counts.
`;

const END = `.SH SIGNALS
.TP
.B SIGHUP
Open the log file and the threat file anew, and read the custom list again.
.TP
.BR SIGTERM ", " SIGINT
Finish the answers in flight and end.
.SH EXIT STATUS
.TP
.B 0
It was told to end.
.TP
.B 1
It could not start, or cannot go on.
.TP
.B 2
A flag is wrong.
.SH FILES
.TP
.I /etc/default/${NAME}
Flags of the service, as
.BR ARGS="..." .
.TP
.I /var/log/${NAME}
Where the service may write a log file and a threat file.
.TP
.I /var/cache/${NAME}
Where the service may keep threat lists.
.SH EXAMPLES
.EX
${NAME} \\-outbound.behavior.enable \\-spamhaus.enable
curl http://localhost:9120/metrics
curl \\-\\-globoff 'http://localhost:9120/metrics?collect[]=cpu&collect[]=disk'
.EE
.SH SEE ALSO
.BR virsh (1),
.BR conntrack (8),
.BR systemctl (1)
`;
