/** The core: rooms, peers, negotiation. Imports only {@code java..} and {@code sdp}. */
@NullMarked
package dev.noir.room;

import org.jspecify.annotations.NullMarked;
