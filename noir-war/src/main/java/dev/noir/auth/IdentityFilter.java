package dev.noir.auth;

import dev.noir.access.FirstUse;
import dev.noir.access.LateProof;
import dev.noir.access.TraceParent;
import dev.noir.access.Visitor;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.MappingMatch;
import java.io.IOException;
import java.io.Serial;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Stands before everything: finds out who comes, puts the {@link Visitor} into the request, and where everybody has to log in
 * lets nobody else into rooms and sends people to the login. Thread: the container's.
 */
public class IdentityFilter extends HttpFilter {
    @Serial
    private static final long serialVersionUID = 1L;

    private final transient FirstUse<Identification> identification;

    /** As the container makes it. */
    public IdentityFilter() {
        this(() -> CDI.current().select(Identification.class).get());
    }

    IdentityFilter(Supplier<Identification> lookup) {
        this.identification = new FirstUse<>(lookup);
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        boolean passes =
                switch (Place.of(request)) {
                    case PUBLIC -> true;
                    case DOOR -> door(request, response, false);
                    case STREAM -> door(request, response, true);
                    case PAGE -> page(request, response);
                    case OTHER -> other(request, response);
                };
        if (passes) {
            chain.doFilter(request, response);
        }
    }

    /** @param later whether somebody who is not known may still show who he is */
    private boolean door(HttpServletRequest request, HttpServletResponse response, boolean later) throws IOException {
        Identification.Finding finding = identification().of(request, true);
        if (isTooMany(finding, response)) {
            return false;
        }
        if (finding instanceof Identification.Refused refused) {
            Refusal.send(request, response, refused.text(), refused.token());
            return false;
        }
        Visitor visitor =
                ((Identification.Found) finding).visitor().at(TraceParent.of(request.getHeader("traceparent")));
        if (later && visitor.caller().isAnonymous()) {
            request.setAttribute(LateProof.ATTRIBUTE, identification().later(visitor));
        } else if (identification().mode() == AuthMode.REQUIRED
                && visitor.caller().isAnonymous()) {
            Refusal.send(request, response, "Please log in.", false);
            return false;
        }
        request.setAttribute(Visitor.ATTRIBUTE, visitor);
        return true;
    }

    private boolean page(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (identification().mode() != AuthMode.REQUIRED) {
            return true;
        }
        Identification.Finding finding = identification().of(request, true);
        if (isTooMany(finding, response)) {
            return false;
        }
        boolean known = finding instanceof Identification.Found found
                && !found.visitor().caller().isAnonymous();
        if (!known) {
            boolean browses =
                    request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
            if (browses) {
                toLogin(request, response);
            } else {
                Refusal.send(request, response, "Please log in.", false);
            }
        }
        return known;
    }

    /** What is said wrongly counts as not said: what it is worth decides the servlet. */
    private boolean other(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Identification.Finding finding = logsIn(request)
                ? identification().of(request, false)
                : identification().withoutLogin(request);
        if (isTooMany(finding, response)) {
            return false;
        }
        request.setAttribute(
                Visitor.ATTRIBUTE,
                finding instanceof Identification.Found found
                        ? found.visitor()
                        : identification().stranger(request));
        return true;
    }

    /** Not where there is nothing to be had: with files and what is not there, and with health, which answers by any name. */
    private static boolean logsIn(HttpServletRequest request) {
        return !Place.path(request).startsWith("/health/")
                && request.getHttpServletMapping().getMappingMatch() != MappingMatch.DEFAULT;
    }

    private static boolean isTooMany(Identification.Finding finding, HttpServletResponse response) throws IOException {
        if (finding instanceof Identification.TooMany tooMany) {
            Refusal.tooMany(response, tooMany.text());
            return true;
        }
        return false;
    }

    /** Relative, so that no proxy has to rewrite it; the way back is a parameter. */
    private static void toLogin(HttpServletRequest request, HttpServletResponse response) {
        String path = Place.path(request);
        String query = request.getQueryString();
        String here = (path.isEmpty() ? "/" : path) + (query == null ? "" : "?" + query);
        long folders = path.chars().skip(1).filter(c -> c == '/').count();
        response.setStatus(HttpServletResponse.SC_FOUND);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader(
                "Location",
                "../".repeat((int) folders) + "auth/login?to=" + URLEncoder.encode(here, StandardCharsets.UTF_8));
    }

    private Identification identification() {
        return identification.get();
    }
}
