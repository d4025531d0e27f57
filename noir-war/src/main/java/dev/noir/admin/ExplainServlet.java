package dev.noir.admin;

import dev.noir.access.Caller;
import dev.noir.access.Visitor;
import dev.noir.room.PeerName;
import dev.noir.room.RoomException;
import dev.noir.room.RoomId;
import dev.noir.room.Rooms;
import jakarta.inject.Inject;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /admin/explain?room=…&uid=…}: what the media of a room's peers is doing, and why, wherever in the cluster the room
 * is. For {@link Administrators}.
 */
@WebServlet(name = "explain", urlPatterns = "/admin/explain")
public final class ExplainServlet extends HttpServlet {
    private static final long serialVersionUID = 1L;

    /** Longer than the room and the other node take to give up. */
    private static final int SECONDS = 15;

    @Inject
    private transient Rooms rooms;

    @Inject
    private transient Administrators administrators;

    private final transient Jsonb json = JsonbBuilder.create();

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        if (!AdminAnswers.isGranted(administrators.check(request), response)) {
            return;
        }
        try {
            RoomId room = new RoomId(String.valueOf(request.getParameter("room")));
            if (request.getParameter("room") == null) {
                AdminAnswers.text(response, HttpServletResponse.SC_BAD_REQUEST, "Which room? ?room=… is missing.");
            } else {
                answer(request, response, room, peer(request.getParameter("uid")));
            }
        } catch (RoomException e) {
            refuse(response, e);
        }
    }

    private static Optional<PeerName> peer(@Nullable String uid) {
        return uid == null || uid.isEmpty() ? Optional.empty() : Optional.of(new PeerName(uid));
    }

    private void answer(HttpServletRequest request, HttpServletResponse response, RoomId room, Optional<PeerName> peer)
            throws IOException {
        Caller actor = Visitor.of(request.getAttribute(Visitor.ATTRIBUTE)).caller();
        try {
            Map<String, ?> tree =
                    rooms.explain(actor, room, peer).toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
            AdminAnswers.json(response, HttpServletResponse.SC_OK, json.toJson(tree));
        } catch (ExecutionException | CompletionException e) {
            if (e.getCause() instanceof RoomException refused) {
                throw refused;
            }
            throw new IOException("the room's media cannot be explained", e);
        } catch (TimeoutException e) {
            throw new RoomException(RoomException.Code.UNAVAILABLE, "nobody has answered in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RoomException(RoomException.Code.UNAVAILABLE, "this server is shutting down", e);
        }
    }

    private static void refuse(HttpServletResponse response, RoomException e) throws IOException {
        int status =
                switch (e.code()) {
                    case NO_SUCH_PEER -> HttpServletResponse.SC_NOT_FOUND;
                    case INVALID -> HttpServletResponse.SC_BAD_REQUEST;
                    default -> HttpServletResponse.SC_SERVICE_UNAVAILABLE;
                };
        AdminAnswers.text(response, status, String.valueOf(e.getMessage()));
    }
}
