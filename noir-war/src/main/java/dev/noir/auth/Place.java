package dev.noir.auth;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/** What a path of the application is, as far as it matters to who comes there. */
enum Place {
    /** A signalling socket, or what else makes somebody part of a room: who may not is refused here. */
    DOOR,
    /** A door, too; whoever is not known may say in his first words who he is. */
    STREAM,
    /** Shown to people, who can be sent to the login and come back. */
    PAGE,
    /** The login's own, and what pages are made of: for everybody. */
    PUBLIC,
    /** Servlets that look at who comes for themselves. */
    OTHER;

    // Of gRPC services: docs/protocol.md.
    private static final List<String> STREAMS = List.of("/rtc.RTC/", "/sfu.SFU/", "/noir.SFU/", "/noir.Noir/");

    // Sockets, and HTTP where it brings media.
    private static final List<String> DOORS = List.of("/ws/", "/whip/", "/whep/");

    static Place of(HttpServletRequest request) {
        String path = path(request);
        if (path.equals("/ws") || DOORS.stream().anyMatch(path::startsWith)) {
            return DOOR;
        }
        if (STREAMS.stream().anyMatch(path::startsWith)) {
            return STREAM;
        }
        if (path.startsWith("/css/")
                || path.startsWith("/js/")
                || path.startsWith("/img/")
                || isLogin(path)
                || isConsole(path)) {
            return PUBLIC;
        }
        return path.isEmpty() || path.endsWith("/") || path.endsWith(".html") ? PAGE : OTHER;
    }

    private static boolean isLogin(String path) {
        return path.startsWith("/auth/") && path.endsWith(".html");
    }

    /** It asks who somebody is by itself, which may be another one than the login knows: who has the admin token. */
    private static boolean isConsole(String path) {
        return path.equals("/admin/") || path.equals("/admin/index.html");
    }

    /** From the application's root on, decoded, as the container has matched it. */
    static String path(HttpServletRequest request) {
        String beyond = request.getPathInfo();
        return beyond == null ? request.getServletPath() : request.getServletPath() + beyond;
    }
}
