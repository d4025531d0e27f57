package dev.noir.restreaming;

import dev.noir.access.Caller;
import dev.noir.access.FirstUse;
import dev.noir.access.Visitor;
import jakarta.enterprise.inject.spi.CDI;
import jakarta.servlet.annotation.WebServlet;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code /hls/{stream}/index.m3u8}, and the segments that it names: docs/restreaming.md. Nothing of the path reaches the disk but
 * numbers. Thread: the container's.
 */
@WebServlet(name = "hls", urlPatterns = "/hls/*")
public class HlsServlet extends HttpServlet {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final String NO_SEGMENT = "there is no such segment, or no more";
    private static final int PLAYLIST_PARTS = 3; // The first one is empty.
    private static final int FILE_PARTS = 4;

    /**
     * What it works with.
     *
     * @param origins which pages may read what is here, by the headers {@code Origin} and {@code Host}
     */
    public record Parts(Restreamer restreamer, BiPredicate<@Nullable String, @Nullable String> origins) {}

    private final transient FirstUse<Parts> parts;

    /** As the container makes it. */
    public HlsServlet() {
        this(() -> CDI.current().select(Parts.class).get());
    }

    HlsServlet(Supplier<Parts> lookup) {
        this.parts = new FirstUse<>(lookup);
    }

    private Parts parts() {
        return parts.get();
    }

    /** HEAD as well, by the superclass. */
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setHeader("Cache-Control", "no-store");
        response.addHeader("Vary", "Origin");
        String origin = request.getHeader("Origin");
        if (!parts().origins().test(origin, request.getHeader("Host"))) {
            refuse(response, HttpServletResponse.SC_FORBIDDEN, "this page's origin is not in noir.allowed-origins");
            return;
        }
        if (origin != null) {
            response.setHeader("Access-Control-Allow-Origin", origin);
        }
        String path = request.getPathInfo() == null ? "" : request.getPathInfo();
        String[] names = path.split("/", FILE_PARTS + 1);
        Optional<HlsFolder> folder = names.length < PLAYLIST_PARTS
                ? Optional.empty()
                : parts().restreamer().hls(names[1]);
        Caller caller = Visitor.of(request.getAttribute(Visitor.ATTRIBUTE)).caller();
        if (folder.isPresent() && !parts().restreamer().mayWatch(folder.get(), caller)) {
            refuse(caller, response);
        } else if (folder.isPresent() && names.length == PLAYLIST_PARTS && names[2].equals(HlsFolder.PLAYLIST)) {
            playlist(folder.get().playlist(), response);
        } else if (folder.isPresent() && names.length == FILE_PARTS) {
            file(folder.get().file(names[2], names[3]), response);
        } else {
            refuse(response, HttpServletResponse.SC_NOT_FOUND, "there is nothing at this address");
        }
    }

    /** Somebody whom the room's rules keep out. */
    private static void refuse(Caller caller, HttpServletResponse response) throws IOException {
        if (caller.isAnonymous()) {
            refuse(response, HttpServletResponse.SC_UNAUTHORIZED, "it has to be known who watches this");
        } else {
            refuse(response, HttpServletResponse.SC_FORBIDDEN, "you may not watch this room");
        }
    }

    private static void playlist(String text, HttpServletResponse response) throws IOException {
        if (text.isEmpty()) {
            refuse(response, HttpServletResponse.SC_NOT_FOUND, "the stream has not begun yet");
            return;
        }
        response.setContentType("application/vnd.apple.mpegurl");
        send(text.getBytes(StandardCharsets.UTF_8), response);
    }

    private static void file(Optional<Path> path, HttpServletResponse response) throws IOException {
        if (path.isEmpty() || !Files.isRegularFile(path.get())) {
            refuse(response, HttpServletResponse.SC_NOT_FOUND, NO_SEGMENT);
            return;
        }
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(path.get());
        } catch (NoSuchFileException e) { // Deleted in between.
            refuse(response, HttpServletResponse.SC_NOT_FOUND, NO_SEGMENT);
            return;
        }
        response.setContentType("video/mp4");
        response.setHeader("Cache-Control", "private, max-age=60"); // It never changes.
        send(bytes, response);
    }

    private static void send(byte[] bytes, HttpServletResponse response) throws IOException {
        response.setContentLength(bytes.length);
        response.getOutputStream().write(bytes);
    }

    private static void refuse(HttpServletResponse response, int status, String why) throws IOException {
        response.setStatus(status);
        response.setContentType("text/plain;charset=UTF-8");
        send(why.getBytes(StandardCharsets.UTF_8), response);
    }
}
