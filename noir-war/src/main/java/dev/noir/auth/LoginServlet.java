package dev.noir.auth;

import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.io.Serial;

/**
 * {@code /auth/login?to=PATH}: the one path that the server protects (web.xml). It lets somebody through who has logged in, in
 * whichever way the server does that, and this sends him back to where he was. Thread: the container's.
 */
@WebServlet(name = "login", urlPatterns = "/auth/login")
public final class LoginServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (request.getUserPrincipal() == null) {
            Refusal.send(request, response, "This server does not log anybody in.", false);
            return;
        }
        HttpSession session = request.getSession();
        if (!Logins.isMarked(session)) {
            // Who knew the session's id before knows it no more. Most servers have done so at the login itself.
            request.changeSessionId();
            Logins.mark(request.getSession());
        }
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("Location", ReturnPath.of(request.getParameter("to")).fromAuth());
    }
}
