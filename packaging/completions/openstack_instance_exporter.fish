# Generated from the table of flags by "deno task docs": change nothing here.

complete -c openstack_instance_exporter -f
complete -c openstack_instance_exporter -n __fish_use_subcommand -a top -d 'Show what each instance of a node does now, in the terminal'
complete -c openstack_instance_exporter -n '__fish_seen_subcommand_from top' -o url -d 'Where the exporter serves' -x
complete -c openstack_instance_exporter -n '__fish_seen_subcommand_from top' -o user -d 'User of the exporter\'s web config' -x
complete -c openstack_instance_exporter -n '__fish_seen_subcommand_from top' -o password.file -d 'File with the password of that user' -r -F
complete -c openstack_instance_exporter -n '__fish_seen_subcommand_from top' -o ca.file -d 'File with certificates to trust; without it the system\'s count' -r -F
complete -c openstack_instance_exporter -n '__fish_seen_subcommand_from top' -o sort -d 'What comes first' -x -a 'cpu memory disk requests net packets flows threats marks name project'
complete -c openstack_instance_exporter -n '__fish_seen_subcommand_from top' -o filter -d 'Words that an instance has in a name, a UUID or a fixed IP; project:WORD looks at its project' -x
complete -c openstack_instance_exporter -n '__fish_seen_subcommand_from top' -o once -d 'Print the table once, for a file or another program'
complete -c openstack_instance_exporter -n '__fish_seen_subcommand_from top' -o json -d 'Print the exporter\'s answer once, as JSON with the instances that match, in order'
complete -c openstack_instance_exporter -n __fish_use_subcommand -a check-list -d 'Read a threat list once, as it would be read, and tell what came of it'
complete -c openstack_instance_exporter -n '__fish_seen_subcommand_from check-list' -F
complete -c openstack_instance_exporter -n '__fish_seen_subcommand_from check-list' -o kind -d 'What it is read as: a kind of text, or the list that it is for' -x -a 'auto plain onionoo drop tor_exit tor_relay spamhaus emergingthreats customlist'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o web.listen-address -d 'Address to serve on: host:port, :port or [::1]:port, several separated by commas' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o web.telemetry-path -d 'Path of the metrics' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o web.ui.enable -d 'Serve the live page at /; without it a plain one stands there'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o web.history -d 'How far back each instance\'s numbers are remembered; 0 keeps nothing' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o web.config.file -d 'File with TLS, users and headers in the format of exporter-toolkit; empty has none' -r -F
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o web.max-connections -d 'Most open connections, 0 for no limit; beyond them the longest silent ones are ended' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o web.max-requests -d 'Most answers being sent, 0 for no limit; beyond them clients get a 503' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o libvirt.uri -d 'libvirt connection to read from; it is opened read-only' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o ovs.db -d 'Database with the conntrack zones of OVN\'s ports: unix:path, off, or auto, the usual socket' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collection.interval -d 'Time from the start of one cycle to the start of the next, at least 200ms' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o dynamic.cache.expiration -d 'How long an instance\'s series outlive their last good reading, at least two intervals' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o static.cache.expiration -d 'How long other cached series outlive their last good reading; host health stays' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o metrics.names -d 'Names of the metrics: oie, prometheus (by its conventions) or both' -x -a 'oie prometheus both'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o instance.filter -d 'Export only instances whose project UUID, project name or domain name this matches' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o cpu.min -d 'Least CPU use in percent for which an instance\'s CPU series is exported' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o conntrack.min -d 'Least activity of a fixed IP in an interval for which its flow series are exported' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o default.read.threshold -d 'Read threshold of disks whose tier has none and where the list has no default' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o default.write.threshold -d 'Write threshold of disks whose tier has none and where the list has no default' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o read.thresholds -d 'Read thresholds by disk tier, such as default:500,local:200,ultra:2500' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o write.thresholds -d 'Write thresholds by disk tier, such as default:500,local:200,ultra:2500' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o outbound.behavior.enable -d 'Export how many remotes, ports and flows each fixed IP reaches'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o inbound.behavior.enable -d 'Export how many remotes reach each fixed IP, on which ports, with how many flows'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.state -d 'Export the state of instances and its reason; costs nothing'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.cpu -d 'Export the CPU percent of instances; costs nothing'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.cpu_time -d 'Export CPU seconds and vCPUs of instances; costs nothing'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.steal -d 'Export how long vCPUs waited for a CPU; costs 30 microseconds for each vCPU'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.memory -d 'Export memory of instances; costs nothing: instance_info needs the same reading'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.disk -d 'Export identity and thresholds of disks; costs nothing'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.disk_io -d 'Export bytes and requests of disks; costs what the disks of a cycle cost, once for all disk_*'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.disk_time -d 'Export time and flushes of disks; costs as disk_io, once for all disk_*'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.disk_size -d 'Export sizes of disks; costs as disk_io, once for all disk_*'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.network -d 'Export counters of vNICs; costs nothing'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.network_info -d 'Export address, bridge, model, port and MTU of vNICs; costs nothing'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.job -d 'Export progress of migrations and other jobs on instances; costs two calls to libvirt for each instance'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.host -d 'Export CPU seconds, memory and overcommit of the host; costs two files'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.host_conntrack -d 'Export what conntrack dropped; costs one file'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.host_numa -d 'Export memory of NUMA nodes; costs one file for each node'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.libvirt_info -d 'Export versions of libvirt, QEMU and the kernel; costs two calls for each connection'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.flow_kinds -d 'Export flows of fixed IPs by direction, protocol and answer; costs seven series for each fixed IP'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o collector.flow_bytes -d 'Export bytes and packets of fixed IPs, where nf_conntrack_acct is on; costs some 70 bytes of memory for each flow'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o contacts.direction -d 'Direction of contacts that count, for lists without their own' -x -a 'out in any'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o tor.exit.enable -d 'Match flows against Tor exit nodes'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o tor.exit.url -d 'Where the list of Tor exit nodes is fetched' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o tor.exit.refresh -d 'Time between two readings of the list, at least 1s' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o tor.exit.direction -d 'Direction of contacts that count; empty takes -contacts.direction' -x -a 'out in any'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o tor.relay.enable -d 'Match flows against Tor relays'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o tor.relay.url -d 'Where the list of Tor relays is fetched' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o tor.relay.refresh -d 'Time between two readings of the list, at least 1s' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o tor.relay.direction -d 'Direction of contacts that count; empty takes -contacts.direction' -x -a 'out in any'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o spamhaus.enable -d 'Match flows against Spamhaus DROP'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o spamhaus.url -d 'Where the IPv4 list is fetched' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o spamhaus.ipv6.url -d 'Where the IPv6 list is fetched' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o spamhaus.refresh -d 'Time between two readings of the list, at least 1s' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o spamhaus.direction -d 'Direction of contacts that count; empty takes -contacts.direction' -x -a 'out in any'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o emergingthreats.enable -d 'Match flows against known compromised hosts'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o emergingthreats.url -d 'Where the list is fetched' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o emergingthreats.refresh -d 'Time between two readings of the list, at least 1s' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o emergingthreats.direction -d 'Direction of contacts that count; empty takes -contacts.direction' -x -a 'out in any'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o customlist.enable -d 'Match flows against a file of one\'s own'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o customlist.path -d 'File of addresses and prefixes, one a line' -r -F
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o customlist.refresh -d 'Time between two readings of the list, at least 1s' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o customlist.direction -d 'Direction of contacts that count; empty takes -contacts.direction' -x -a 'out in any'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o threatfile.enable -d 'Write each contact with a listed address to a file'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o threatfile.path -d 'The file of contacts, one JSON object a line' -r -F
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o threat.cache.dir -d 'Folder that keeps the last good lists over a restart; empty keeps none' -r -F
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o host.threats.enable -d 'Match this host\'s own addresses against the lists'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o host.ips.allow-private -d 'Match private, loopback, link-local and other local addresses too'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o host.interfaces -d 'Interfaces whose addresses are matched, by exact name' -x
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o log.level -d 'Least severe level that is written' -x -a 'error notice info debug'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o log.format -d 'Form of a line' -x -a 'logfmt json'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o log.file.enable -d 'Write the log to a file too; SIGHUP opens it anew'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o log.file.path -d 'The log file' -r -F
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o version -d 'Print the version and exit'
complete -c openstack_instance_exporter -n 'not __fish_seen_subcommand_from top check-list' -o h -d 'Print the flags'
