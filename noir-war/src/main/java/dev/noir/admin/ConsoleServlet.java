package dev.noir.admin;

import dev.noir.access.Caller;
import dev.noir.protocol.JsonRpcCodec;
import jakarta.inject.Inject;
import jakarta.json.JsonObjectBuilder;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;

/**
 * {@code GET /admin/me}: tells the console whether its user may administrate, and by what, so that it can ask him who he is instead of
 * being refused. Whoever asks learns of himself alone. Thread: the container's.
 */
@WebServlet(name = "console", urlPatterns = "/admin/me")
public final class ConsoleServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    @Inject
    private transient Administrators administrators;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Caller caller = Administrators.visitor(request).caller();
        JsonObjectBuilder me = JsonRpcCodec.JSON
                .createObjectBuilder()
                .add("administrates", administrators.check(request) == AdminToken.Verdict.GRANTED);
        if (!caller.isAnonymous()) {
            me.add("principal", caller.principal());
        }
        AdminAnswers.json(response, HttpServletResponse.SC_OK, me.build().toString());
    }
}
