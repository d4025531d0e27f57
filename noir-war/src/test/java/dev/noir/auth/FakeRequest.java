package dev.noir.auth;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import jakarta.servlet.http.MappingMatch;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request as a container makes it, with a realm of one user: alice, whose password is "right", in the role noir-user. */
final class FakeRequest {
    private final Map<String, String> headers = new HashMap<>();
    private final Map<String, String> parameters = new HashMap<>();
    final Map<String, Object> attributes = new HashMap<>();
    private @Nullable String user;
    private @Nullable String authType;
    private String address = "192.0.2.1";
    private String path = "/ws";
    private MappingMatch mapped = MappingMatch.EXACT;
    int logins;

    @Nullable
    FakeSession session;

    FakeRequest header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    FakeRequest basic(String pair) {
        return header(
                "Authorization", "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
    }

    FakeRequest parameter(String name, String value) {
        parameters.put(name, value);
        return this;
    }

    /** The container knows who sends it, by a form. */
    FakeRequest of(String name) {
        return of(name, HttpServletRequest.FORM_AUTH);
    }

    FakeRequest of(String name, String authentication) {
        user = name;
        authType = authentication;
        return this;
    }

    FakeRequest in(FakeSession current) {
        session = current;
        return this;
    }

    FakeRequest from(String remoteAddress) {
        address = remoteAddress;
        return this;
    }

    FakeRequest to(String servletPath, MappingMatch match) {
        path = servletPath;
        mapped = match;
        return this;
    }

    private HttpServletMapping mapping() {
        return (HttpServletMapping) Proxy.newProxyInstance(
                FakeRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletMapping.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("getMappingMatch")) {
                        return mapped;
                    }
                    throw new UnsupportedOperationException(method.toString());
                });
    }

    HttpServletRequest request() {
        return (HttpServletRequest) Proxy.newProxyInstance(
                FakeRequest.class.getClassLoader(),
                new Class<?>[] {HttpServletRequest.class},
                (proxy, method, args) -> switch (method.getName()) {
                    case "getHeader" -> headers.get((String) args[0]);
                    case "getParameter" -> parameters.get((String) args[0]);
                    case "getUserPrincipal" -> user == null ? null : (Principal) () -> user;
                    case "getAuthType" -> authType;
                    case "isUserInRole" -> user != null && Set.of("noir-user").contains((String) args[0]);
                    case "getSession" -> session(args == null || Boolean.TRUE.equals(args[0]));
                    case "getRemoteAddr" -> address;
                    case "getServletPath" -> path;
                    case "getPathInfo" -> null;
                    case "getMethod" -> "GET";
                    case "getQueryString" -> null;
                    case "getHttpServletMapping" -> mapping();
                    case "setAttribute" -> attributes.put((String) args[0], args[1]);
                    case "login" -> login((String) args[0], (String) args[1]);
                    default -> throw new UnsupportedOperationException(method.toString());
                });
    }

    private @Nullable HttpSession session(boolean begin) {
        if (begin && (session == null || session.ended)) {
            session = new FakeSession();
        }
        return session == null || session.ended ? null : session.session();
    }

    private @Nullable Object login(String name, String password) throws ServletException {
        logins++;
        if (!name.equals("alice") || !password.equals("right")) {
            throw new ServletException("no such user");
        }
        user = name;
        if (session == null) {
            session = new FakeSession(); // As some containers do.
        }
        return null;
    }

    /** A session that ends when the test says so. */
    static final class FakeSession {
        private final Map<String, Object> attributes = new HashMap<>();
        boolean ended;

        HttpSession session() {
            return (HttpSession) Proxy.newProxyInstance(
                    FakeRequest.class.getClassLoader(), new Class<?>[] {HttpSession.class}, (proxy, method, args) -> {
                        if (ended) {
                            throw new IllegalStateException("the session has ended");
                        }
                        return switch (method.getName()) {
                            case "getAttribute" -> attributes.get((String) args[0]);
                            case "setAttribute" -> attributes.put((String) args[0], args[1]);
                            case "getCreationTime" -> 1L;
                            case "invalidate" -> end();
                            default -> throw new UnsupportedOperationException(method.toString());
                        };
                    });
        }

        private @Nullable Object end() {
            ended = true;
            return null;
        }
    }
}
