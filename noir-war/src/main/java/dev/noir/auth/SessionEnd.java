package dev.noir.auth;

import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.HttpSessionEvent;
import jakarta.servlet.http.HttpSessionListener;

/** Tells {@link Logins} that a session has ended: logged out of, or not used for longer than the server keeps it. Thread: the server's. */
public final class SessionEnd implements HttpSessionListener {
    @Override
    public void sessionDestroyed(HttpSessionEvent event) {
        HttpSession session = event.getSession();
        if (session.getServletContext().getAttribute(Logins.ATTRIBUTE) instanceof Logins logins) {
            logins.over(session);
        }
    }
}
