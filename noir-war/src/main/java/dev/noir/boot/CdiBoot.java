package dev.noir.boot;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.ServletContainerInitializer;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;
import java.util.Set;
import org.jboss.weld.environment.servlet.EnhancedListener;
import org.jboss.weld.module.web.servlet.SessionHolder;
import org.jspecify.annotations.Nullable;

/**
 * Starts the bundled Weld where the server has no CDI of its own, that is, where even the CDI API came from the WAR.
 * Weld's own initializer is turned off in web.xml because it cannot tell and fails on servers with CDI.
 */
public final class CdiBoot implements ServletContainerInitializer {

    @Override
    public void onStartup(@Nullable Set<Class<?>> classes, ServletContext context) throws ServletException {
        if (isBundled()) {
            Bundled.start(context);
        }
    }

    static boolean isBundled() {
        return CDI.class.getClassLoader() == CdiBoot.class.getClassLoader();
    }

    /** A class of its own, so that Weld is not even loaded elsewhere. */
    private static final class Bundled {
        static void start(ServletContext context) throws ServletException {
            new EnhancedListener().onStartup(Set.of(), context);
            context.addListener(new Forgetting()); // Behind Weld's own.
        }
    }

    /**
     * Weld remembers in a thread local which session the thread has begun, until the end of the request: of which it does not
     * hear (web.xml), nor does anybody when a server answers a login without asking us. The thread would keep all of noiR in memory.
     */
    private static final class Forgetting implements HttpSessionListener {
        @Override
        public void sessionCreated(HttpSessionEvent event) {
            SessionHolder.clear();
        }
    }
}
