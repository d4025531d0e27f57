package dev.noir.admin;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** {@code /metrics}: {@link Metrics} as text of Prometheus or OpenMetrics, for {@link Viewers}. */
@WebServlet(name = "metrics", urlPatterns = "/metrics")
public final class MetricsServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    @Inject
    private transient Metrics metrics;

    @Inject
    private transient Viewers viewers;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!viewers.include(request)) {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
            return;
        }
        Metrics.Format format = Metrics.Format.of(request.getHeader("Accept"));
        response.setContentType(format.contentType());
        response.setHeader("Cache-Control", "no-store");
        format.write(metrics, response.getOutputStream());
    }
}
