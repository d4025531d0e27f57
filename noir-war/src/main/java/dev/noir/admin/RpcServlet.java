package dev.noir.admin;

import dev.noir.access.Visitor;
import jakarta.inject.Inject;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code POST /admin/rpc}: one command as JSON-RPC. For {@link Administrators}. Thread: the container's. */
@WebServlet(name = "rpc", urlPatterns = "/admin/rpc")
public final class RpcServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    // Of UTF-8 a character takes four octets at most.
    private static final int MAX_OCTETS = 4 * RpcDoor.MAX_CHARS;

    /** Longer than commands take to give up. */
    private static final long SECONDS = Commands.DEADLINE.toSeconds() + 5;

    @Inject
    private transient RpcDoor door;

    @Inject
    private transient Administrators administrators;

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!AdminAnswers.isGranted(administrators.check(request), response)) {
            return;
        }
        Optional<String> message = body(request);
        if (message.isEmpty()) {
            AdminAnswers.json(response, HttpServletResponse.SC_REQUEST_ENTITY_TOO_LARGE, door.tooLarge());
            return;
        }
        Visitor visitor = Administrators.visitor(request);
        Optional<String> answer = await(new Actor(visitor.caller(), "rpc"), message.get());
        if (answer.isPresent()) {
            AdminAnswers.json(response, HttpServletResponse.SC_OK, answer.get());
        } else {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
        }
    }

    /** Empty: it is too large. */
    private static Optional<String> body(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > MAX_OCTETS) {
            return Optional.empty();
        }
        try (InputStream body = request.getInputStream()) {
            byte[] octets = body.readNBytes(MAX_OCTETS + 1);
            String text = new String(octets, StandardCharsets.UTF_8);
            return octets.length > MAX_OCTETS || text.length() > RpcDoor.MAX_CHARS
                    ? Optional.empty()
                    : Optional.of(text);
        }
    }

    private Optional<String> await(Actor actor, String message) throws IOException {
        try {
            return door.answer(actor, message).toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("a command was not answered", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("this server is shutting down", e);
        }
    }
}
