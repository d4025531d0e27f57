/**
 * A node's part in its cluster: bus, registry and directory in Redis, or in memory for a node alone. The only user of a
 * Redis client.
 */
@NullMarked
package dev.noir.redis;

import org.jspecify.annotations.NullMarked;
