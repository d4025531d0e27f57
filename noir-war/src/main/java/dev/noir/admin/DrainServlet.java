package dev.noir.admin;

import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code /admin/drain}: POST takes the node out of service, GET tells how far it is. For {@link Administrators}. */
@WebServlet(name = "drain", urlPatterns = "/admin/drain")
public final class DrainServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    private transient DrainControl control;

    @Inject
    private transient Administrators administrators;

    private final transient Jsonb json = JsonbBuilder.create();

    /** Public for JSON-B, which writes what it can see. */
    public record Answer(DrainControl.State state) {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isGranted(request, response)) {
            answer(response, HttpServletResponse.SC_OK);
        }
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (isGranted(request, response)) {
            control.drain();
            answer(response, HttpServletResponse.SC_ACCEPTED);
        }
    }

    private boolean isGranted(HttpServletRequest request, HttpServletResponse response) throws IOException {
        return AdminAnswers.isGranted(administrators.check(request), response);
    }

    private void answer(HttpServletResponse response, int status) throws IOException {
        AdminAnswers.json(response, status, json.toJson(new Answer(control.state())));
    }
}
