# Generated from the table of flags by "deno task docs": change nothing here.

_openstack_instance_exporter() {
  local word=${COMP_WORDS[COMP_CWORD]} flag=${COMP_WORDS[COMP_CWORD - 1]} inline='' flags
  # bash splits -flag=value at the equals sign, which is a word then.
  if [[ $word == = ]]; then
    word='' inline=yes
  elif [[ $flag == = ]]; then
    flag=${COMP_WORDS[COMP_CWORD - 2]} inline=yes
  fi
  COMPREPLY=()
  case ${COMP_WORDS[1]}${flag/#--/-} in
  top-url | top-user | top-filter)
    return
    ;;&
  top-password.file | top-ca.file)
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
    return
    ;;&
  top-sort)
    mapfile -t COMPREPLY < <(compgen -W 'cpu memory disk requests net packets flows threats marks name project' -- "$word")
    return
    ;;&
  top-once | top-json)
    if [[ -n $inline ]]; then
      mapfile -t COMPREPLY < <(compgen -W 'true false' -- "$word")
      return
    fi
    ;;&
  top*)
    case $word in
    -*) mapfile -t COMPREPLY < <(compgen -W '-url -user -password.file -ca.file -sort -filter -once -json' -- "$word") ;;
    esac
    return
    ;;
  check-list-kind)
    mapfile -t COMPREPLY < <(compgen -W 'auto plain onionoo drop tor_exit tor_relay spamhaus emergingthreats customlist' -- "$word")
    return
    ;;&
  check-list*)
    case $word in
    -*) mapfile -t COMPREPLY < <(compgen -W '-kind' -- "$word") ;;
    *)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      ;;
    esac
    return
    ;;
  esac
  case ${flag/#--/-} in
  -web.listen-address | -web.telemetry-path | -web.history | -web.max-connections | -web.max-requests | -libvirt.uri | -ovs.db | -collection.interval | -dynamic.cache.expiration | -static.cache.expiration | -instance.filter | -cpu.min | -conntrack.min | -default.read.threshold | -default.write.threshold | -read.thresholds | -write.thresholds | -tor.exit.url | -tor.exit.refresh | -tor.relay.url | -tor.relay.refresh | -spamhaus.url | -spamhaus.ipv6.url | -spamhaus.refresh | -emergingthreats.url | -emergingthreats.refresh | -customlist.refresh | -host.interfaces)
    return
    ;;
  -web.ui.enable | -outbound.behavior.enable | -inbound.behavior.enable | -collector.state | -collector.cpu | -collector.cpu_time | -collector.steal | -collector.memory | -collector.disk | -collector.disk_io | -collector.disk_time | -collector.disk_size | -collector.network | -collector.network_info | -collector.job | -collector.host | -collector.host_conntrack | -collector.host_numa | -collector.libvirt_info | -collector.flow_kinds | -collector.flow_bytes | -tor.exit.enable | -tor.relay.enable | -spamhaus.enable | -emergingthreats.enable | -customlist.enable | -threatfile.enable | -host.threats.enable | -host.ips.allow-private | -log.file.enable | -version | -h)
    if [[ -n $inline ]]; then
      mapfile -t COMPREPLY < <(compgen -W 'true false' -- "$word")
      return
    fi
    ;;
  -web.config.file | -customlist.path | -threatfile.path | -threat.cache.dir | -log.file.path)
    compopt -o filenames 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -f -- "$word")
    return
    ;;
  -metrics.names)
    mapfile -t COMPREPLY < <(compgen -W 'oie prometheus both' -- "$word")
    return
    ;;
  -contacts.direction | -tor.exit.direction | -tor.relay.direction | -spamhaus.direction | -emergingthreats.direction | -customlist.direction)
    mapfile -t COMPREPLY < <(compgen -W 'out in any' -- "$word")
    return
    ;;
  -log.level)
    mapfile -t COMPREPLY < <(compgen -W 'error notice info debug' -- "$word")
    return
    ;;
  -log.format)
    mapfile -t COMPREPLY < <(compgen -W 'logfmt json' -- "$word")
    return
    ;;
  esac
  [[ -z $inline ]] || return
  flags='-web.listen-address -web.telemetry-path -web.ui.enable -web.history -web.config.file -web.max-connections -web.max-requests -libvirt.uri -ovs.db -collection.interval -dynamic.cache.expiration -static.cache.expiration -metrics.names -instance.filter -cpu.min -conntrack.min -default.read.threshold -default.write.threshold -read.thresholds -write.thresholds -outbound.behavior.enable -inbound.behavior.enable -collector.state -collector.cpu -collector.cpu_time -collector.steal -collector.memory -collector.disk -collector.disk_io -collector.disk_time -collector.disk_size -collector.network -collector.network_info -collector.job -collector.host -collector.host_conntrack -collector.host_numa -collector.libvirt_info -collector.flow_kinds -collector.flow_bytes -contacts.direction -tor.exit.enable -tor.exit.url -tor.exit.refresh -tor.exit.direction -tor.relay.enable -tor.relay.url -tor.relay.refresh -tor.relay.direction -spamhaus.enable -spamhaus.url -spamhaus.ipv6.url -spamhaus.refresh -spamhaus.direction -emergingthreats.enable -emergingthreats.url -emergingthreats.refresh -emergingthreats.direction -customlist.enable -customlist.path -customlist.refresh -customlist.direction -threatfile.enable -threatfile.path -threat.cache.dir -host.threats.enable -host.ips.allow-private -host.interfaces -log.level -log.format -log.file.enable -log.file.path -version -h'
  case $word in
  --*) mapfile -t COMPREPLY < <(compgen -P - -W "$flags" -- "${word#-}") ;;
  -*) mapfile -t COMPREPLY < <(compgen -W "$flags" -- "$word") ;;
  *) if ((COMP_CWORD == 1)); then mapfile -t COMPREPLY < <(compgen -W 'top check-list' -- "$word"); fi ;;
  esac
}

complete -F _openstack_instance_exporter openstack_instance_exporter
