package dev.noir.auth;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/** 401 and 429 in plain words. */
final class Refusal {
    private static final int TOO_MANY_REQUESTS = 429; // RFC 6585 §4.

    private Refusal() {}

    static void send(HttpServletRequest request, HttpServletResponse response, String text, boolean token)
            throws IOException {
        response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
        response.addHeader(
                "WWW-Authenticate", token ? "Bearer realm=\"noiR\", error=\"invalid_token\"" : "Bearer realm=\"noiR\"");
        // A browser would open a window of its own and ask for the password with it; its user has a login page.
        if (request.getHeader("Origin") == null && request.getHeader("Sec-Fetch-Mode") == null) {
            response.addHeader("WWW-Authenticate", "Basic realm=\"noiR\", charset=\"UTF-8\"");
        }
        words(response, text);
    }

    static void tooMany(HttpServletResponse response, String text) throws IOException {
        response.setStatus(TOO_MANY_REQUESTS);
        response.setHeader("Retry-After", "60");
        words(response, text);
    }

    private static void words(HttpServletResponse response, String text) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.setContentType("text/plain");
        response.setCharacterEncoding("UTF-8");
        response.getWriter().println(text);
    }
}
