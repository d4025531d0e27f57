package dev.noir.boot.launch;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/** Whoever comes by the port for health gets nothing else. Thread: Tomcat's workers. */
final class HealthValve extends ValveBase {
    private final Connector port;

    HealthValve(Connector port) {
        super(true);
        this.port = port;
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (request.getConnector().equals(port)
                && !request.getDecodedRequestURI().startsWith("/health/")) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        getNext().invoke(request, response);
    }
}
