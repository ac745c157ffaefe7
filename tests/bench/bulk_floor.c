/* Makes the exporter's bulk statistics call each time a line comes in, and prints how long it took. */
#include <libvirt/libvirt.h>
#include <stdio.h>
#include <time.h>

static long long now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv)
{
    virConnectPtr connection = argc == 2 ? virConnectOpenReadOnly(argv[1]) : NULL;
    const unsigned int groups = VIR_DOMAIN_STATS_STATE | VIR_DOMAIN_STATS_CPU_TOTAL |
                                VIR_DOMAIN_STATS_BALLOON | VIR_DOMAIN_STATS_INTERFACE |
                                VIR_DOMAIN_STATS_BLOCK;
    const unsigned int flags = VIR_CONNECT_GET_ALL_DOMAINS_STATS_ACTIVE |
                               VIR_CONNECT_GET_ALL_DOMAINS_STATS_NOWAIT;
    if (connection == NULL) return 1;
    while (getchar() == '\n') {
        virDomainStatsRecordPtr *records = NULL;
        long long start = now_ns();
        int domains = virConnectGetAllDomainStats(connection, groups, &records, flags);
        if (domains < 0) return 1;
        virDomainStatsRecordListFree(records);
        printf("%lld %d\n", now_ns() - start, domains);
        fflush(stdout);
    }
    return virConnectClose(connection);
}
