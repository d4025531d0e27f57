package dev.noir.boot;

import dev.noir.access.NameRule;
import dev.noir.access.Quotas;
import dev.noir.admin.Metrics;
import dev.noir.bus.NodeRegistry;
import dev.noir.config.IceSettings;
import dev.noir.config.NoirConfig;
import dev.noir.route.RoutedRooms;
import dev.noir.signal.Joins;
import dev.noir.signal.SignalLimits;
import dev.noir.signal.Signalling;
import dev.noir.whip.IceServers;
import dev.noir.whip.OtherNodes;
import dev.noir.whip.Sessions;
import dev.noir.whip.WhipServlet;
import jakarta.enterprise.context.Dependent;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/** Beans of {@code whip}. Thread: the server's deployer. */
@Dependent
final class WhipModule {
    /** Other nodes' questions are answered from now on. */
    @Produces
    @Singleton
    Sessions sessions(
            NoirConfig config, Quotas quotas, RoutedRooms routes, NodeRegistry registry, Metrics metrics, Parts parts) {
        NameRule names = NameRule.valueOf(config.names().rule().toUpperCase(Locale.ROOT));
        Sessions sessions = parts.add(
                "sessions of WHIP",
                new Sessions(
                        routes,
                        new Joins(routes, quotas, new SecureRandom(), names),
                        quotas,
                        new Nodes(registry, routes),
                        new SecureRandom(),
                        SignalLimits.DEFAULT
                                .with(
                                        config.strangers().limit("sockets"),
                                        config.strangers().compression())
                                .maxSockets()));
        routes.questions().answerWith(Sessions::isQuestion, (question, signed) -> sessions.asked(question));
        metrics.add(new WhipMetrics(sessions::counts));
        return sessions;
    }

    @Produces
    @Singleton
    WhipServlet.Parts servlet(NoirConfig config, Sessions sessions, Signalling signalling) {
        IceSettings ice = config.ice();
        return new WhipServlet.Parts(
                sessions, signalling, new IceServers(ice.servers(), ice.username(), ice.credential()));
    }

    private record Nodes(NodeRegistry registry, RoutedRooms routes) implements OtherNodes {
        @Override
        public String self() {
            return registry.self().id();
        }

        @Override
        public boolean isAlive(String node) {
            return registry.find(node).isPresent();
        }

        @Override
        public CompletionStage<String> ask(String node, String question) {
            return routes.questions().ask(node, question);
        }
    }
}
