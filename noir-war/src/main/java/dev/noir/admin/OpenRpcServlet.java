package dev.noir.admin;

import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.nio.charset.StandardCharsets;

/** {@code GET /admin/openrpc.json}: what can be asked for, for programs that make clients. For {@link Administrators}. */
@WebServlet(name = "openrpc", urlPatterns = "/admin/openrpc.json")
public final class OpenRpcServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    @Inject
    private transient Administrators administrators;

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (AdminAnswers.isGranted(administrators.check(request), response)) {
            AdminAnswers.json(response, HttpServletResponse.SC_OK, file());
        }
    }

    static String file() throws IOException {
        try (InputStream file = OpenRpcServlet.class.getResourceAsStream("openrpc.json")) {
            if (file == null) {
                throw new IOException("openrpc.json is missing");
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
