package dev.noir.boot;

import dev.noir.auth.Identification;
import dev.noir.auth.Logins;
import dev.noir.sfu.NativeMediaPlane;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import jakarta.servlet.ServletContext;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Predicate;

/** noiR as the server's CDI sees it: starts with the deployment, stops with the undeployment. Thread: the server's deployer. */
@ApplicationScoped
public class NoirApplication {
    private static final Logger LOG = System.getLogger(NoirApplication.class.getName());

    /** Attribute of the servlet context: a {@link Runnable} to be run before the server stops. */
    public static final String BEFORE_STOP = "dev.noir.before-stop";

    /** Another one: a {@link Predicate} that takes connections for media, for a server that can hand them over. */
    public static final String MEDIA = "dev.noir.media-connections";

    @Inject
    private Parts parts;

    // Nobody else needs these before the first request, and a wrong setting of theirs must stop the start.
    @Inject
    private Instance<Identification> identification;

    @Inject
    private Instance<Logins> logins;

    // Not made before it is asked for: what goes wrong then is to be seen here.
    @Inject
    private Instance<NoirNode> node;

    @Inject
    private Instance<NativeMediaPlane> media;

    /** Servers print what a deployment fails with as anything from a word to pages: here it stands in one line. */
    void start(@Observes @Initialized(ApplicationScoped.class) Object event) {
        try {
            LOG.log(
                    Level.DEBUG,
                    "Who has to say who he is: {0}",
                    identification.get().mode());
            NoirNode starting = node.get();
            starting.start();
            starting.drainBeforeExit();
            if (event instanceof ServletContext context) {
                context.setAttribute(Deployment.RUNNING, parts);
                context.setAttribute(Logins.ATTRIBUTE, logins.get());
                // For a server that can tell us before it stops listening: ours can.
                Runnable beforeStop = starting.drain()::close;
                context.setAttribute(BEFORE_STOP, beforeStop);
                media.get().pagesPort().ifPresent(takes -> context.setAttribute(MEDIA, takes));
            }
        } catch (RuntimeException | Error e) { // An Error: a class or the library that this server does not give us.
            // One line: with the failure as an argument it would be printed with its stack.
            LOG.log(Level.ERROR, "noiR has not started: {0}", rootOf(e).toString());
            parts.close();
            throw e;
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    /** While observers of other people's can still be told. */
    void stop(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event) {
        parts.close();
    }

    /** The second chance, as is {@link ThreadModule#stop}: {@link Deployment} has done it on most servers. */
    @PreDestroy
    void stop() {
        parts.close();
    }
}
