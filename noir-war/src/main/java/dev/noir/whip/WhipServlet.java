package dev.noir.whip;

import dev.noir.access.FirstUse;
import dev.noir.access.Password;
import dev.noir.access.Visitor;
import dev.noir.room.JoinConfig;
import dev.noir.room.PeerName;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.sdp.IceFragment;
import dev.noir.signal.JoinWish;
import dev.noir.signal.SignalLimits;
import dev.noir.signal.Signalling;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /whip/{room}} and {@code /whep/{room}[/{peer}]}, with the sessions below them: docs/protocol.md. What a request asks for is
 * answered when the room has answered, which no thread waits for. Thread: the container's.
 */
@WebServlet(
        name = "whip",
        urlPatterns = {"/whip/*", "/whep/*"},
        asyncSupported = true)
public class WhipServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Longer than a room's host has. */
    private static final long TIMEOUT_MILLIS = 60_000;

    /** What it works with. */
    public record Parts(Sessions sessions, Signalling signalling, IceServers servers) {}

    private final transient FirstUse<Parts> parts;

    /** As the container makes it. */
    public WhipServlet() {
        this(() -> CDI.current().select(Parts.class).get());
    }

    WhipServlet(Supplier<Parts> lookup) {
        this.parts = new FirstUse<>(lookup);
    }

    private Parts parts() {
        return parts.get();
    }

    /** Not by the methods of the superclass, which of PATCH knows nothing before Servlet 6.1. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<Target> target = Target.of(request);
        if (target.isEmpty()) {
            write(response, Answer.problem(Answer.NOT_FOUND, "there is nothing at this address"));
        } else if (target.get().isSession()) {
            session(target.get(), request, response);
        } else {
            endpoint(target.get(), request, response);
        }
    }

    private void endpoint(Target target, HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getMethod()) {
            case "POST" -> join(target, request, response);
            case "OPTIONS" ->
                write(
                        response,
                        Answer.of(Answer.NO_CONTENT)
                                .with("Allow", "OPTIONS, POST")
                                .with("Accept-Post", Answer.SDP)
                                .linking(parts().servers().links(isKnown(request))));
            default -> write(response, notAllowed("OPTIONS, POST").with("Accept-Post", Answer.SDP));
        }
    }

    private static boolean isKnown(HttpServletRequest request) {
        return !Visitor.of(request.getAttribute(Visitor.ATTRIBUTE)).caller().isAnonymous();
    }

    private void session(Target target, HttpServletRequest request, HttpServletResponse response) throws IOException {
        switch (request.getMethod()) {
            case "PATCH" -> change(target, request, response);
            case "DELETE" -> answerLater(request, parts().sessions().change(Change.end(target.session())));
            case "OPTIONS" ->
                write(
                        response,
                        Answer.of(Answer.NO_CONTENT)
                                .with("Allow", "DELETE, OPTIONS, PATCH")
                                .with("Accept-Patch", Answer.FRAGMENT));
            default -> write(response, notAllowed("DELETE, OPTIONS, PATCH"));
        }
    }

    private static Answer notAllowed(String methods) {
        return Answer.problem(Answer.METHOD_NOT_ALLOWED, "this address takes " + methods)
                .with("Allow", methods);
    }

    private void join(Target target, HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!parts().signalling().offered()) {
            write(response, Refusals.unavailable("this server only hosts rooms, connect to one that takes clients"));
            return;
        }
        Optional<String> offer =
                body(request, response, Answer.SDP, "Accept-Post", SignalLimits.DEFAULT.maxFrameChars());
        if (offer.isEmpty()) {
            return;
        }
        Visitor visitor = Visitor.of(request.getAttribute(Visitor.ATTRIBUTE));
        String context = request.getContextPath();
        CompletionStage<Answer> answer;
        try {
            answer = parts().sessions()
                    .open(visitor, wish(target, request, visitor, offer.get()))
                    .thenApply(opening -> opening.answer().status() == Answer.CREATED
                            ? opening.answer()
                                    .with("Location", target.location(context, opening.id()))
                                    .with("Accept-Patch", Answer.FRAGMENT)
                                    .linking(parts().servers().links())
                            : opening.answer());
        } catch (RoomException e) { // Of the names.
            answer = CompletableFuture.completedStage(Refusals.of(e));
        }
        answerLater(request, answer);
    }

    private static JoinWish wish(Target target, HttpServletRequest request, Visitor visitor, String offer) {
        if (!target.watched().isEmpty()) {
            PeerName unused = new PeerName(target.watched()); // Thrown when nobody can be called so.
        }
        String name = request.getParameter("name");
        JoinConfig config = target.way() == Target.Way.WHIP ? JoinConfig.INGRESS : JoinConfig.egress(target.watched());
        return new JoinWish(
                new RoomId(target.room()),
                name == null ? "" : name,
                offer,
                config,
                password(request, visitor),
                Password.NONE);
    }

    /**
     * A program that can be told nothing but a token may have been told the room's password there: where nobody verifies tokens, who
     * brings one is nobody.
     */
    private static Password password(HttpServletRequest request, Visitor visitor) {
        String header = request.getHeader("Authorization");
        boolean bearer = header != null && header.regionMatches(true, 0, "Bearer ", 0, "Bearer ".length());
        return bearer && visitor.caller().isAnonymous() && !visitor.password().isGiven()
                ? new Password(header.substring("Bearer ".length()).strip())
                : Password.NONE;
    }

    private void change(Target target, HttpServletRequest request, HttpServletResponse response) throws IOException {
        Optional<String> fragment = body(request, response, Answer.FRAGMENT, "Accept-Patch", IceFragment.MAX_CHARS);
        if (fragment.isPresent()) {
            String match = request.getHeader("If-Match");
            Change change = new Change(target.session(), false, match == null ? "" : match, fragment.get());
            answerLater(request, parts().sessions().change(change));
        }
    }

    /**
     * Empty: it is none that is taken, and that has been answered.
     *
     * @param accepts the header that says which type is taken
     * @param max in octets
     */
    private static Optional<String> body(
            HttpServletRequest request, HttpServletResponse response, String type, String accepts, int max)
            throws IOException {
        if (!type.equals(typeOf(request.getContentType()))) {
            write(
                    response,
                    Answer.problem(Answer.UNSUPPORTED_TYPE, "the body must be of type " + type)
                            .with(accepts, type));
            return Optional.empty();
        }
        byte[] octets = request.getContentLengthLong() > max ? null : read(request.getInputStream(), max);
        if (octets == null) {
            write(response, Answer.problem(Answer.TOO_LARGE, "the body is longer than " + max + " octets"));
            return Optional.empty();
        }
        return Optional.of(new String(octets, StandardCharsets.UTF_8));
    }

    /** Null: it is longer. */
    private static byte @Nullable [] read(InputStream body, int max) throws IOException {
        byte[] octets = body.readNBytes(max + 1);
        return octets.length > max ? null : octets;
    }

    /** Without parameters. */
    private static String typeOf(@Nullable String contentType) {
        String type = contentType == null ? "" : contentType;
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }

    private static void answerLater(HttpServletRequest request, CompletionStage<Answer> answer) {
        AsyncContext context = request.startAsync();
        context.setTimeout(TIMEOUT_MILLIS);
        new LateAnswer(context).await(answer);
    }

    static void write(HttpServletResponse response, Answer answer) throws IOException {
        response.setStatus(answer.status());
        response.setHeader("Cache-Control", "no-store");
        answer.headers().forEach(response::setHeader);
        answer.links().forEach(link -> response.addHeader("Link", link));
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }
}
