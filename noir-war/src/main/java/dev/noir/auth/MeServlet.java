package dev.noir.auth;

import dev.noir.access.Caller;
import dev.noir.access.Visitor;
import jakarta.inject.Inject;
import jakarta.json.Json;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.util.Locale;

/**
 * {@code GET /auth/me}: tells a page who its user is here, and where to log in and out. Who asks now and then also
 * keeps the session alive. Thread: the container's.
 */
@WebServlet(name = "me", urlPatterns = "/auth/me")
public final class MeServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    @Inject
    private transient Identification identification;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Visitor visitor = Visitor.of(request.getAttribute(Visitor.ATTRIBUTE));
        Caller caller = visitor.caller();
        JsonObjectBuilder me = Json.createObjectBuilder();
        me.add("mode", identification.mode().name().toLowerCase(Locale.ROOT));
        if (caller.isAnonymous()) {
            me.addNull("principal");
        } else {
            me.add("principal", caller.principal());
        }
        JsonArrayBuilder roles = Json.createArrayBuilder();
        caller.roles().stream().sorted().forEach(roles::add);
        me.add("roles", roles).add("loginPath", "auth/login").add("logoutPath", "auth/logout");
        response.setContentType("application/json");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.getWriter().write(me.build().toString());
    }
}
