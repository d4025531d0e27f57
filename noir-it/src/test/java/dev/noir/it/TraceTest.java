package dev.noir.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.noir.fixture.RedisProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A join belongs to the trace that its WebSocket's handshake names, at the node that takes it and at the one that hosts the room. Both
 * have somebody's OpenTelemetry, which here prints what begins.
 */
final class TraceTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final Pattern SPAN = Pattern.compile("span (\\S+) trace=(\\w+) parent=(\\w+) is=(\\w+)");

    /** A span builder returns itself whatever it is told; of a span nobody needs more than where it is. */
    private static final String PRINTER =
            """
            import io.opentelemetry.api.*;
            import io.opentelemetry.api.trace.*;
            import io.opentelemetry.context.Context;
            import io.opentelemetry.context.propagation.ContextPropagators;
            import jakarta.enterprise.context.*;
            import jakarta.enterprise.event.Observes;
            import java.lang.reflect.Proxy;
            import java.util.concurrent.ThreadLocalRandom;

            @ApplicationScoped
            public class Printer {
                void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
                    GlobalOpenTelemetry.set(new OpenTelemetry() {
                        @Override
                        public TracerProvider getTracerProvider() {
                            return new TracerProvider() {
                                @Override
                                public Tracer get(String scope) {
                                    return Printer::builder;
                                }

                                @Override
                                public Tracer get(String scope, String version) {
                                    return Printer::builder;
                                }
                            };
                        }

                        @Override
                        public ContextPropagators getPropagators() {
                            return ContextPropagators.noop();
                        }
                    });
                }

                static SpanBuilder builder(String name) {
                    SpanContext[] parent = {SpanContext.getInvalid()};
                    return (SpanBuilder) Proxy.newProxyInstance(
                            SpanBuilder.class.getClassLoader(), new Class<?>[] {SpanBuilder.class}, (self, method, args) -> {
                        if (method.getName().equals("setParent")) {
                            parent[0] = Span.fromContext((Context) args[0]).getSpanContext();
                        }
                        return method.getName().equals("startSpan") ? begun(name, parent[0]) : self;
                    });
                }

                private static Span begun(String name, SpanContext parent) {
                    String id = SpanId.fromLong(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE));
                    System.out.println(
                            "span " + name + " trace=" + parent.getTraceId() + " parent=" + parent.getSpanId() + " is=" + id);
                    return Span.wrap(SpanContext.create(
                            parent.getTraceId(), id, TraceFlags.getSampled(), TraceState.getDefault()));
                }
            }
            """;

    private static MatchResult span(String name, NoirProcess node) throws Exception {
        String line = "span " + name + " ";
        Deadline.await(line, LIMIT, () -> node.output().contains(line));
        Matcher found = SPAN.matcher(node.output());
        while (found.find()) {
            if (found.group(1).equals(name)) {
                return found.toMatchResult();
            }
        }
        throw new AssertionError(node.output());
    }

    @Test
    void aForwardedJoinKeepsThePlaceThatItsHandshakeNames(@TempDir Path work) throws Exception {
        Path war = ExtendedWar.make(work, Map.of("Printer", PRINTER));
        Issuer issuer = new Issuer();
        Path keys = issuer.writeKeys(work.resolve("keys.json"));
        try (RedisProcess redis = RedisProcess.start().awaitReady();
                NoirProcess host = ClusterNode.start(war, redis, keys, "host", "signal,sfu");
                NoirProcess front = ClusterNode.start(war, redis, keys, "front", "signal");
                WebRtc webRtc = new WebRtc();
                IonPeer alice = new IonPeer(
                        webRtc,
                        URI.create(front.signalling() + "?access_token="
                                + issuer.token("alice", Instant.now().plusSeconds(600), "noir-user")),
                        Map.of("traceparent", "00-" + TRACE + "-" + PARENT + "-01"))) {
            alice.join("traced", "alice");

            MatchResult taken = span("noir.join", front);
            assertEquals(TRACE, taken.group(2));
            assertEquals(PARENT, taken.group(3));
            MatchResult hosted = span("noir.host", host);
            assertEquals(TRACE, hosted.group(2));
            assertEquals(taken.group(4), hosted.group(3));
            assertNotEquals(PARENT, hosted.group(4));
        }
    }
}
