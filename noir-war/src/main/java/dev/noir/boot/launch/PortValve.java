package dev.noir.boot.launch;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/** Whoever comes by a port that is for something gets nothing else. Thread: Tomcat's workers. */
final class PortValve extends ValveBase {
    private final Connector port;
    private final List<String> paths;

    /** @param paths what is served there begins with one of these */
    PortValve(Connector port, List<String> paths) {
        super(true);
        this.port = port;
        this.paths = List.copyOf(paths);
    }

    @Override
    public void invoke(Request request, Response response) throws IOException, ServletException {
        if (request.getConnector().equals(port)
                && paths.stream().noneMatch(request.getDecodedRequestURI()::startsWith)) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        getNext().invoke(request, response);
    }
}
