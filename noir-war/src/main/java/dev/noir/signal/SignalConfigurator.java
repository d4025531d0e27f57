package dev.noir.signal;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerEndpointConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the container asks about a handshake, and where it gets its endpoints from. They get what they need from CDI, on servers
 * that would not inject them and on those that would.
 *
 * <p>Foreign pages are refused at the first of these that the container comes by: {@link OriginFilter}, {@link #checkOrigin},
 * {@link #isOurs} when the socket is open. Thread: the container's.
 */
public class SignalConfigurator extends ServerEndpointConfig.Configurator {
    private static final String OURS = "dev.noir.origin-allowed";

    private final Supplier<SignalServer> serverLookup;
    private final Supplier<OriginPolicy> policyLookup;

    // Looked up once: CDI.current() walks the stack to find whose container is asked for. Any thread's.
    private volatile @Nullable SignalServer server;
    private volatile @Nullable OriginPolicy policy;

    /** As the container makes it. */
    public SignalConfigurator() {
        this(
                () -> CDI.current().select(SignalServer.class).get(),
                () -> CDI.current().select(OriginPolicy.class).get());
    }

    SignalConfigurator(Supplier<SignalServer> serverLookup, Supplier<OriginPolicy> policyLookup) {
        this.serverLookup = serverLookup;
        this.policyLookup = policyLookup;
    }

    @Override
    public boolean checkOrigin(@Nullable String origin) {
        String host = HandshakeHost.current();
        // A container that asks on a thread of its own: what it asks next sees the Host header, too.
        return host == null || policy().allows(origin, host);
    }

    @Override
    public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
        List<String> hosts = headers(request, "Host");
        String host = hosts.size() == 1 ? hosts.get(0) : null;
        boolean ours = headers(request, "Origin").stream().allMatch(origin -> policy().allows(origin, host));
        config.getUserProperties().put(OURS, ours);
    }

    /** Containers differ in whether the names of this map have their case. */
    private static List<String> headers(HandshakeRequest request, String name) {
        List<String> values = new ArrayList<>();
        request.getHeaders().forEach((key, list) -> {
            if (key.equalsIgnoreCase(name)) {
                values.addAll(list);
            }
        });
        return values;
    }

    /** Whether the handshake of this session has been seen and was that of an allowed page, or of no page. */
    static boolean isOurs(Session session) {
        return Boolean.TRUE.equals(session.getUserProperties().get(OURS));
    }

    @Override
    public <T> T getEndpointInstance(Class<T> endpointClass) {
        SignalServer known = server;
        if (known == null) {
            known = serverLookup.get();
            server = known;
        }
        return endpointClass.cast(new SignalEndpoint(known));
    }

    private OriginPolicy policy() {
        OriginPolicy known = policy;
        if (known == null) {
            known = policyLookup.get();
            policy = known;
        }
        return known;
    }
}
