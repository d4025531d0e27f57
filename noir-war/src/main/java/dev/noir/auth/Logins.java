package dev.noir.auth;

import dev.noir.access.Standing;
import jakarta.servlet.http.HttpSession;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Sessions at this server and who is to be told of their end. A session is known by a mark of ours, since its id changes at each
 * login. Thread: any.
 */
public final class Logins {
    /** Attribute of the servlet context: the one that a listener of the container's tells of ends. */
    public static final String ATTRIBUTE = "dev.noir.logins";

    /** Of a session: a text, which a server may write to disk and read again. */
    private static final String MARK = "dev.noir.login";

    private final Map<String, Set<Consumer<Standing.End>>> watching = new ConcurrentHashMap<>();

    /** For as long as this session. */
    Standing of(HttpSession session) {
        String mark = mark(session);
        return listener -> watch(session, mark, listener);
    }

    /** To be called by whoever has seen somebody log in. */
    static String mark(HttpSession session) {
        if (session.getAttribute(MARK) instanceof String known) {
            return known;
        }
        String mark = UUID.randomUUID().toString();
        session.setAttribute(MARK, mark);
        return mark;
    }

    static boolean isMarked(HttpSession session) {
        return session.getAttribute(MARK) != null;
    }

    private Standing.Watch watch(HttpSession session, String mark, Consumer<Standing.End> listener) {
        watching.compute(mark, (key, listeners) -> {
            Set<Consumer<Standing.End>> all = listeners == null ? ConcurrentHashMap.newKeySet() : listeners;
            all.add(listener);
            return all;
        });
        try {
            session.getCreationTime();
        } catch (IllegalStateException e) {
            over(mark); // It has ended since the handshake.
        }
        return () -> watching.computeIfPresent(mark, (key, listeners) -> {
            listeners.remove(listener);
            return listeners.isEmpty() ? null : listeners;
        });
    }

    /** The session is ending: everybody who came with it goes. */
    void over(HttpSession session) {
        if (session.getAttribute(MARK) instanceof String mark) {
            over(mark);
        }
    }

    private void over(String mark) {
        Set<Consumer<Standing.End>> listeners = watching.remove(mark);
        if (listeners != null) {
            listeners.forEach(listener -> listener.accept(Standing.End.SESSION_OVER));
        }
    }

    /** Sessions that somebody depends on. */
    int size() {
        return watching.size();
    }
}
