/** The WebSocket endpoint and its JSON-RPC; the only user of {@code jakarta.websocket}. */
@NullMarked
package dev.noir.signal;

import org.jspecify.annotations.NullMarked;
