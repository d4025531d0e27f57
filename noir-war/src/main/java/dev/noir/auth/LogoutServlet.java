package dev.noir.auth;

import jakarta.inject.Inject;
import jakarta.servlet.ServletException;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.Serial;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * {@code POST /auth/logout}: ends the session and every call that depends on it. Not by GET, and not for other sites' pages: a
 * picture in somebody's page must not log people out. Thread: the container's.
 */
@WebServlet(name = "logout", urlPatterns = "/auth/logout")
public final class LogoutServlet extends HttpServlet {
    private static final Logger LOG = System.getLogger(LogoutServlet.class.getName());

    @Serial
    private static final long serialVersionUID = 1L;

    @Inject
    private transient Logins logins;

    @Inject
    private transient OwnPages pages;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!pages.isOwn(request.getHeader("Origin"), request.getHeader("Host"))) {
            response.setStatus(HttpServletResponse.SC_FORBIDDEN);
            response.setContentType("text/plain");
            response.getWriter().println("This page may not log anybody out here.");
            return;
        }
        HttpSession session = request.getSession(false);
        if (session != null) {
            logins.over(session);
        }
        try {
            request.logout();
        } catch (ServletException e) {
            LOG.log(Level.DEBUG, "the server has nobody to log out", e);
        }
        end(session);
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Location", ReturnPath.of(request.getParameter("to")).fromAuth());
    }

    private static void end(HttpSession session) {
        if (session != null) {
            try {
                session.invalidate();
            } catch (IllegalStateException e) {
                LOG.log(Level.DEBUG, "the server has ended it already", e);
            }
        }
    }
}
