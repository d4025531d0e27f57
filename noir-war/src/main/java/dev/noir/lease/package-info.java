/** Who hosts which room: the leases that this node keeps, and the directory in memory. */
@NullMarked
package dev.noir.lease;

import org.jspecify.annotations.NullMarked;
