package dev.noir.web;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;

/**
 * The page for all errors, in the place of the container's, which may tell its version, its paths and its stack: says what, not why.
 * What went wrong inside stands in the server's log.
 */
@WebServlet(name = "error", urlPatterns = ErrorServlet.PATH)
public final class ErrorServlet extends HttpServlet {
    static final String PATH = "/error";

    @Serial
    private static final long serialVersionUID = 1L;

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        int status = status(request);
        response.setStatus(status);
        response.setContentType("text/html");
        response.setCharacterEncoding("UTF-8");
        response.setHeader("Cache-Control", "no-store");
        response.getWriter().write(page(status));
    }

    /** Who comes here by himself has found nothing. */
    private static int status(HttpServletRequest request) {
        Object status = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
        boolean dispatched = request.getDispatcherType() == DispatcherType.ERROR;
        return dispatched && status instanceof Integer code && code >= 400 && code <= 599
                ? code
                : HttpServletResponse.SC_NOT_FOUND;
    }

    static String page(int status) {
        String text = text(status);
        return "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + status + " " + text
                + "</title></head>\n<body><h1>" + status + "</h1><p>" + text + "</p></body></html>\n";
    }

    private static String text(int status) {
        return switch (status) {
            case 400 -> "The request cannot be understood.";
            case 401 -> "Please log in.";
            case 403 -> "You may not do that.";
            case 404 -> "There is nothing here.";
            case 405 -> "This cannot be done here.";
            case 413, 414, 431 -> "The request is too long.";
            case 421 -> "This server is not known by that name.";
            case 429 -> "Too many requests, try again later.";
            case 503 -> "The server cannot do that now, try again later.";
            default -> status < 500 ? "That did not work." : "Something is wrong inside the server.";
        };
    }
}
