package dev.noir.signal;

import jakarta.websocket.DeploymentException;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.Extension;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Takes an {@link Arrival} from the servlet that lets it in through the container to the endpoint of its socket. Most containers use
 * the configuration that the servlet hands them, which has it; Payara's looks for a registered one at the same path, which finds
 * it at the thread, and refuses who comes to that path without the servlet. Thread: the container's.
 */
final class SignalConfigurator extends ServerEndpointConfig.Configurator {
    /** Where the registered endpoint stands; nobody is meant to come here. */
    static final String PATH = "/ws/socket";

    private static final String ARRIVAL = "dev.noir.arrival";

    private static final ThreadLocal<@Nullable Arrival> CURRENT = new ThreadLocal<>();

    private final @Nullable Arrival given;

    private SignalConfigurator(@Nullable Arrival given) {
        this.given = given;
    }

    /** The container's call that upgrades the request at hand. */
    interface Upgrade {
        void run(ServerEndpointConfig config) throws DeploymentException, IOException;
    }

    /** The socket that comes of this call is the arrival's. */
    static void upgrade(Arrival arrival, Upgrade call) throws DeploymentException, IOException {
        CURRENT.set(arrival);
        try {
            call.run(config(arrival));
        } finally {
            CURRENT.remove();
        }
    }

    /** Null: for the endpoint that is registered. */
    static ServerEndpointConfig config(@Nullable Arrival arrival) {
        return ServerEndpointConfig.Builder.create(SignalEndpoint.class, PATH)
                .subprotocols(
                        arrival == null || arrival.subprotocol().isEmpty() ? List.of() : List.of(arrival.subprotocol()))
                .configurator(new SignalConfigurator(arrival))
                .build();
    }

    /** Who has come with the handshake of this socket; the properties are each socket's own. Empty: nobody was let in. */
    static Optional<Arrival> arrival(EndpointConfig config) {
        return config.getUserProperties().get(ARRIVAL) instanceof Arrival known ? Optional.of(known) : Optional.empty();
    }

    private @Nullable Arrival expected() {
        return given == null ? CURRENT.get() : given;
    }

    /** The origin itself has been looked at by the servlet. */
    @Override
    public boolean checkOrigin(@Nullable String origin) {
        return expected() != null;
    }

    @Override
    public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
        Arrival arrival = expected();
        if (arrival != null) {
            config.getUserProperties().put(ARRIVAL, arrival);
        }
    }

    /** The servlet has looked whether it was asked for. */
    @Override
    public String getNegotiatedSubprotocol(List<String> supported, List<String> requested) {
        Arrival arrival = expected();
        return arrival == null ? "" : arrival.subprotocol();
    }

    @Override
    public List<Extension> getNegotiatedExtensions(List<Extension> installed, List<Extension> requested) {
        Arrival arrival = expected();
        return arrival != null && arrival.compressed()
                ? super.getNegotiatedExtensions(installed, requested)
                : List.of();
    }

    @Override
    public <T> T getEndpointInstance(Class<T> endpointClass) {
        return endpointClass.cast(new SignalEndpoint());
    }
}
