/** Who hosts which room: in memory for a node alone, in Redis for a cluster. The only user of a Redis client. */
@NullMarked
package dev.noir.cluster;

import org.jspecify.annotations.NullMarked;
