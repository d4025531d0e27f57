package dev.noir.auth;

import com.nimbusds.jose.jwk.JWK;
import dev.noir.room.Scheduler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Where {@link TokenKeys} come from. */
public final class KeySources {
    // Of a server that takes connections and then says nothing; and of one that says a byte now and then.
    private static final Duration STEP = Duration.ofSeconds(2);
    private static final Duration WHOLE = Duration.ofSeconds(5);

    private KeySources() {}

    /** A JWK Set or PEM on this machine; read again now and then, so it may be replaced. */
    public static TokenKeys.Source file(Path file) {
        return () -> {
            if (Files.size(file) > KeyDocument.MAX_SIZE) {
                throw tooLong();
            }
            return KeyDocument.parse(Files.readString(file));
        };
    }

    /** A JWK Set of an issuer, by http or https. */
    public static TokenKeys.Source url(URI url, Scheduler clock) {
        return () -> fetch(url, clock);
    }

    /** Not by {@code java.net.http}: its threads would outlive the application. */
    private static List<JWK> fetch(URI url, Scheduler clock) throws IOException {
        URLConnection connection = url.toURL().openConnection();
        connection.setConnectTimeout((int) STEP.toMillis());
        connection.setReadTimeout((int) STEP.toMillis());
        connection.setRequestProperty("Accept", "application/jwk-set+json, application/json");
        if (!(connection instanceof HttpURLConnection http)) {
            throw new IOException("not an address of http");
        }
        try {
            if (http.getResponseCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException("the answer is " + http.getResponseCode());
            }
            try (InputStream in = http.getInputStream()) {
                return KeyDocument.parse(text(in, clock));
            }
        } finally {
            http.disconnect();
        }
    }

    private static String text(InputStream in, Scheduler clock) throws IOException {
        long begin = clock.nanoTime();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            all.write(buffer, 0, count);
            if (all.size() > KeyDocument.MAX_SIZE) {
                throw tooLong();
            }
            if (clock.nanoTime() - begin > WHOLE.toNanos()) {
                throw new IOException("the answer takes too long");
            }
        }
        return all.toString(StandardCharsets.UTF_8);
    }

    private static IOException tooLong() {
        return new IOException("it has more than " + KeyDocument.MAX_SIZE + " bytes");
    }
}
