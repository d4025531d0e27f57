package dev.noir.boot;

import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * The deployment as the servlet container sees it. noiR is stopped here rather than with its CDI beans: Payara destroys those when
 * the application's class loader is closed already. Thread: the server's deployer.
 */
public final class Deployment implements ServletContextListener {
    private static final Logger LOG = System.getLogger(Deployment.class.getName());

    /** Attribute of the servlet context: what is to be closed with it. The object itself, since a proxy may be of no use by then. */
    static final String RUNNING = "dev.noir.running";

    @Override
    public void contextInitialized(ServletContextEvent event) {
        ServletContext context = event.getServletContext();
        int loaded = OwnClasses.load(context, Deployment.class.getClassLoader());
        LOG.log(Level.DEBUG, "{0} classes are loaded", loaded);
        // Our own Weld starts after this listener where it is needed.
        if (!CdiBoot.isBundled() && context.getAttribute(RUNNING) == null) {
            checkCdi();
        }
    }

    /** Without CDI nothing of noiR runs, and no server says a word about it. */
    private static void checkCdi() {
        try {
            CDI.current().getBeanManager();
        } catch (IllegalStateException e) {
            String missing =
                    "This server has the API of CDI and no implementation, which noiR needs (Jetty: --add-modules=ee10-cdi; "
                            + "Open Liberty: the feature cdi-4.0; see docs/operations.md)";
            LOG.log(Level.ERROR, missing);
            throw new IllegalStateException(missing, e);
        }
    }

    @Override
    public void contextDestroyed(ServletContextEvent event) {
        if (event.getServletContext().getAttribute(RUNNING) instanceof Parts parts) {
            parts.close();
        }
        RecordMethods.forgetOurs();
    }
}
