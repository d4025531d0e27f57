package dev.noir.signal;

import dev.noir.access.Visitor;

/**
 * A client that {@link SignalServlet} has let in, on its way through the container to its {@link SignalEndpoint}.
 *
 * @param server takes its socket
 * @param visitor who comes
 */
record Arrival(SignalServer server, Visitor visitor) {}
