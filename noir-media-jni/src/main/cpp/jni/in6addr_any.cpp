#include <netinet/in.h>

// libusrsctp.a is not quite position independent: it refers to glibc's `in6addr_any` in a way that cannot be linked
// into a shared object. A hidden one of our own resolves that at link time. The name and type are glibc's.
extern "C" const struct in6_addr in6addr_any = IN6ADDR_ANY_INIT;
