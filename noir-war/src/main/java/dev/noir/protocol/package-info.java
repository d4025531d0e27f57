/** JSON-RPC, and what clients and nodes say to each other about moderation, as JSON. Knows {@code room} and {@code access}. */
@NullMarked
package dev.noir.protocol;

import org.jspecify.annotations.NullMarked;
