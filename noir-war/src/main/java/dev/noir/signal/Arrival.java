package dev.noir.signal;

import java.util.Optional;

/**
 * A client whose handshake has been let in, on its way through the container to its {@link SignalEndpoint}.
 *
 * @param opener takes its socket
 * @param subprotocol that has been agreed on; empty: none
 * @param compressed whether messages may be
 */
public record Arrival(Opener opener, String subprotocol, boolean compressed) {
    /** Takes sockets over. */
    public interface Opener {
        /** Empty when it has been refused and closed. */
        Optional<? extends SocketReader> open(SocketPort socket);
    }
}
