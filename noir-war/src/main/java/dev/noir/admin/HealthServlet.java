package dev.noir.admin;

import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code /health/live}, {@code /health/started} and {@code /health/ready}: 200 when up, 503 when not, the reason as JSON for {@link Viewers}. */
@WebServlet(
        name = "health",
        urlPatterns = {"/health/live", "/health/started", "/health/ready"})
public final class HealthServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    private transient Health health;

    @Inject
    private transient Viewers viewers;

    private final transient Jsonb json = JsonbBuilder.create();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Health.Report report =
                switch (request.getServletPath()) {
                    case "/health/live" -> health.live();
                    case "/health/started" -> health.started();
                    default -> health.ready();
                };
        response.setStatus(report.up() ? HttpServletResponse.SC_OK : HttpServletResponse.SC_SERVICE_UNAVAILABLE);
        response.setContentType("application/json");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.getWriter().write(json.toJson(viewers.include(request) ? report : report.withoutChecks()));
    }
}
