package dev.noir.playing;

import dev.noir.access.Names;
import dev.noir.playing.UrlRules.Place;
import dev.noir.room.Scheduler;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLSocketFactory;

/**
 * Files of other hosts, which are fetched as a whole before they are played: what comes slowly, or not any more, does not stop a picture. They lie where the
 * system has temporary files, without a name, so that nothing is left of them, however this server ends. Thread: any; it blocks.
 */
public final class UrlFiles {
    private static final Logger LOG = System.getLogger(UrlFiles.class.getName());

    private static final int MAX_REDIRECTIONS = 5;
    private static final int BUFFER_BYTES = 1 << 16;
    private static final long MIB = 1 << 20;
    private static final Set<Integer> REDIRECTIONS = Set.of(301, 302, 303, 307, 308);

    /** For a file, redirections included. */
    static final Duration LIMIT = Duration.ofMinutes(2);

    // Given.
    private final UrlRules rules;
    private final long maxBytes;
    private final Names names;
    private final SSLSocketFactory encryption;
    private final Scheduler scheduler;

    // State. Of all files that are here.
    private final AtomicLong used = new AtomicLong();

    /** @param maxBytes that all of them at once may take */
    public UrlFiles(UrlRules rules, long maxBytes, Scheduler scheduler) {
        this(rules, maxBytes, InetAddress::getAllByName, (SSLSocketFactory) SSLSocketFactory.getDefault(), scheduler);
    }

    UrlFiles(UrlRules rules, long maxBytes, Names names, SSLSocketFactory encryption, Scheduler scheduler) {
        this.rules = rules;
        this.maxBytes = maxBytes;
        this.names = names;
        this.encryption = encryption;
        this.scheduler = scheduler;
    }

    public boolean isOn() {
        return !rules.allowed().isEmpty();
    }

    /**
     * Fetches and opens one.
     *
     * @throws MediaFileException it may not be fetched, or cannot be, or not be played, in words
     */
    FrameSource open(String url) throws IOException {
        URI next = UrlRules.parse(url);
        for (int i = 0; i <= MAX_REDIRECTIONS; i++) {
            Place place = rules.find(next, names); // Each anew: who may be asked says where to go, not what is allowed.
            try (HttpGet get = new HttpGet(encryption)) {
                Scheduler.Timer timer = scheduler.schedule(LIMIT, () -> close(get));
                try {
                    InputStream content = get.open(place);
                    if (!REDIRECTIONS.contains(get.status())) {
                        return MediaFile.open(fetch(get, content));
                    }
                    next = redirected(next, get);
                } finally {
                    timer.cancel();
                }
            } catch (MediaFileException e) {
                throw e;
            } catch (IOException e) {
                LOG.log(Level.DEBUG, "cannot fetch " + next, e);
                throw new MediaFileException(Printable.name(place.host()) + failure(e));
            }
        }
        throw new MediaFileException("it is redirected too often");
    }

    private static String failure(IOException e) {
        if (e instanceof SocketTimeoutException) {
            return " does not answer in time";
        }
        return " cannot be asked, or not to the end: " + Printable.name(String.valueOf(e.getMessage()));
    }

    private static void close(HttpGet get) {
        try {
            get.close();
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "cannot close a connection", e);
        }
    }

    private static URI redirected(URI from, HttpGet get) throws MediaFileException {
        String location = get.location().orElseThrow(() -> new MediaFileException("it is redirected to nowhere"));
        return from.resolve(UrlRules.parse(location));
    }

    private FetchedBytes fetch(HttpGet get, InputStream content) throws IOException {
        if (get.status() != 200) {
            throw new MediaFileException("the answer is " + get.status());
        }
        long length = get.length();
        Path path = Files.createTempFile("noir-", ".media");
        FetchedBytes file = null;
        try {
            file = new FetchedBytes(FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE), used);
            Files.delete(path); // It is there as long as it is open.
            copy(content, length, file);
            return file;
        } catch (IOException | RuntimeException e) {
            Files.deleteIfExists(path);
            if (file != null) {
                file.close();
            }
            throw e;
        }
    }

    private void copy(InputStream content, long length, FetchedBytes to) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long done = 0;
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            done += read;
            if (Math.max(length, done) > maxBytes || used.get() + Math.max(read, length - done) > maxBytes) {
                throw new MediaFileException("there is no room for it: all files that are fetched may take "
                        + maxBytes / MIB + " MiB together");
            }
            to.append(ByteBuffer.wrap(buffer, 0, read));
            if (done == length) {
                break;
            }
        }
        if (done < length) {
            throw new MediaFileException("the answer ends after " + done + " of " + length + " bytes");
        }
        to.position(0);
    }
}
