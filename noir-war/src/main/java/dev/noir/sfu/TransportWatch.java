package dev.noir.sfu;

import dev.noir.media.CloseReason;

/** Port: who wants to know of transports that end without having been closed. Thread: loop; must not block. */
public interface TransportWatch {
    void ended(int loop, Whose whose, CloseReason reason);
}
