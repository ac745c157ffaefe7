/*
 * The floor of a conntrack dump: asks for the whole table and receives it, with the buffer and the
 * socket options of the exporter, and looks at nothing but the message that ends it.
 * Prints the time in nanoseconds and the bytes received.
 */
#include <libnetfilter_conntrack/libnetfilter_conntrack.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

static char buffer[1024 * 1024];

static int ends(const struct nlmsghdr *message, ssize_t length)
{
	for (; NLMSG_OK(message, length); message = NLMSG_NEXT(message, length))
		if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR)
			return 1;
	return 0;
}

int main(void)
{
	struct nfct_handle *handle = nfct_open(CONNTRACK, 0);
	const unsigned family = AF_UNSPEC;
	const int receive_buffer = 8 * 1024 * 1024;
	struct timespec start, end;
	long long bytes = 0;
	ssize_t length;

	if (handle == NULL)
		return 1;
	setsockopt(nfct_fd(handle), SOL_SOCKET, SO_RCVBUFFORCE, &receive_buffer, sizeof(receive_buffer));
	clock_gettime(CLOCK_MONOTONIC, &start);
	if (nfct_send(handle, NFCT_Q_DUMP, &family) < 0)
		return 1;
	do {
		length = recv(nfct_fd(handle), buffer, sizeof(buffer), 0);
		if (length < 0)
			return 1;
		bytes += length;
	} while (!ends((const struct nlmsghdr *)buffer, length));
	clock_gettime(CLOCK_MONOTONIC, &end);
	printf("%lld %lld\n",
	       (end.tv_sec - start.tv_sec) * 1000000000LL + end.tv_nsec - start.tv_nsec, bytes);
	nfct_close(handle);
	return 0;
}
