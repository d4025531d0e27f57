package dev.noir.admin;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** How servlets for {@link Administrators} answer. Thread: any. */
final class AdminAnswers {
    private AdminAnswers() {}

    /** Whether to go on; else the answer has been given. */
    static boolean isGranted(AdminToken.Verdict verdict, HttpServletResponse response) throws IOException {
        switch (verdict) {
            case GRANTED -> {
                return true;
            }
            case DISABLED ->
                text(response, HttpServletResponse.SC_FORBIDDEN, "noir.admin.token is not set, and you are not known.");
            case FORBIDDEN -> text(response, HttpServletResponse.SC_FORBIDDEN, "You may not administrate noiR.");
            case DENIED -> {
                response.setHeader("WWW-Authenticate", "Bearer realm=\"noiR\"");
                text(response, HttpServletResponse.SC_UNAUTHORIZED, "Please say who you are.");
            }
        }
        return false;
    }

    static void text(HttpServletResponse response, int status, String text) throws IOException {
        begin(response, status, "text/plain");
        response.getWriter().println(text);
    }

    static void json(HttpServletResponse response, int status, String json) throws IOException {
        begin(response, status, "application/json");
        response.setHeader("Cache-Control", "no-store");
        response.getWriter().write(json);
    }

    private static void begin(HttpServletResponse response, int status, String type) {
        response.setStatus(status);
        response.setContentType(type);
        response.setCharacterEncoding("UTF-8");
    }
}
