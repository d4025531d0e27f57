package dev.noir.auth;

import jakarta.servlet.ServletContextEvent;
import jakarta.servlet.ServletContextListener;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Tells browsers not to send the session with requests of other sites' pages. web.xml says the same, and WildFly does not read
 * it there; Payara does not listen to either. Thread: the server's deployer.
 */
public final class SessionCookie implements ServletContextListener {
    private static final Logger LOG = System.getLogger(SessionCookie.class.getName());

    @Override
    public void contextInitialized(ServletContextEvent event) {
        try {
            event.getServletContext().getSessionCookieConfig().setAttribute("SameSite", "Lax");
        } catch (IllegalStateException | UnsupportedOperationException e) {
            LOG.log(Level.DEBUG, "the server does not let us say how its cookie is", e);
        }
    }
}
