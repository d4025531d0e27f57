package dev.noir.boot;

import dev.noir.admin.AdminToken;
import dev.noir.admin.DrainControl;
import dev.noir.admin.Health;
import dev.noir.admin.Metrics;
import dev.noir.config.NoirConfig;
import dev.noir.signal.OriginPolicy;
import dev.noir.signal.SignalServer;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.servlet.ServletContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;
import org.jspecify.annotations.Nullable;

/**
 * noiR as the server sees it: starts the {@link NoirNode} with the deployment, stops it with the undeployment, and
 * produces its parts for the beans that the server makes (endpoint, servlets). Thread: the server's deployer.
 */
@ApplicationScoped
public class NoirApplication {
    private static final Logger LOG = System.getLogger(NoirApplication.class.getName());

    /** Attribute of the servlet context: a {@link Runnable} to be run before the server stops. */
    public static final String BEFORE_STOP = "dev.noir.before-stop";

    private @Nullable NoirNode node;

    /** Servers print what a deployment fails with as anything from a word to pages: here it stands in one line. */
    void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
        try {
            start(event instanceof ServletContext context ? context : null);
        } catch (RuntimeException | Error e) {
            LOG.log(Level.ERROR, "noiR has not started: {0}", rootOf(e));
            stop();
            throw e;
        }
    }

    private void start(@Nullable ServletContext context) {
        Config source = ConfigProvider.getConfig();
        Function<String, Optional<String>> lookup = key -> source.getOptionalValue(key, String.class);
        NoirConfig config = NoirConfig.load(lookup);
        LOG.log(Level.INFO, "Settings: {0}", NoirConfig.describe(lookup));
        for (String key : NoirConfig.unknownKeys(source.getPropertyNames())) {
            LOG.log(Level.WARNING, "{0} is not a setting of noiR: a typing error?", key);
        }
        NoirNode starting = NoirNode.start(config, ContainerThreads.ofServer());
        node = starting;
        starting.drainBeforeExit();
        if (context != null) {
            context.setAttribute(Deployment.RUNNING, starting);
            // For a server that can tell us before it stops listening: ours can.
            Runnable beforeStop = starting.drain()::close;
            context.setAttribute(BEFORE_STOP, beforeStop);
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** The second chance: {@link Deployment} has done it on most servers. */
    @PreDestroy
    void stop() {
        if (node != null) {
            node.close();
        }
    }

    @Produces
    NoirConfig config() {
        return started().config();
    }

    @Produces
    Health health() {
        return started().health();
    }

    @Produces
    Metrics metrics() {
        return started().metrics();
    }

    @Produces
    DrainControl drain() {
        return started().drain();
    }

    @Produces
    AdminToken adminToken() {
        return new AdminToken(started().config().adminToken());
    }

    @Produces
    SignalServer signal() {
        return started().signal();
    }

    @Produces
    OriginPolicy originPolicy() {
        return new OriginPolicy(started().config().allowedOrigins());
    }

    private NoirNode started() {
        return Objects.requireNonNull(node, "noiR has not been started");
    }
}
