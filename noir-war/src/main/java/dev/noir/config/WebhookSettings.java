package dev.noir.config;

import java.net.URI;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * Who is told what happens in rooms.
 *
 * @param urls empty: nobody
 * @param secrets {@code whsec_…}; messages are signed with all of them
 * @param types of events; empty: all
 * @param timeout for each answer
 */
public record WebhookSettings(List<URI> urls, List<String> secrets, List<String> types, Duration timeout) {
    private static final int MIN_SECRET = 24;
    private static final int MAX_SECRET = 64;
    private static final String SECRET_PREFIX = "whsec_";

    /** Printed as asterisks: many receivers know who calls by the path. */
    static final Setting<List<URI>> URLS =
            new Setting<>("noir.webhooks.urls", "", true, Values.list(WebhookSettings::url));

    static final Setting<List<String>> SECRETS =
            new Setting<>("noir.webhooks.secrets", "", true, Values.list(WebhookSettings::secret));

    static final Setting<List<String>> TYPES = new Setting<>(
            "noir.webhooks.types",
            "",
            false,
            Values.list(Values.oneOf(
                    "room.opened",
                    "room.moved",
                    "room.locked",
                    "room.recorded",
                    "room.closed",
                    "peer.joined",
                    "peer.granted",
                    "peer.squelched",
                    "peer.moved",
                    "peer.left",
                    "track.published",
                    "track.unpublished",
                    "job.failed",
                    "events.lost")));

    static final Setting<Duration> TIMEOUT = new Setting<>("noir.webhooks.timeout", "15", false, Values.seconds(1, 60));

    static final List<Setting<?>> ALL = List.of(URLS, SECRETS, TYPES, TIMEOUT);

    /** The messages do not repeat it. */
    private static URI url(String text) {
        try {
            URI url = URI.create(text);
            boolean http = "https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme());
            if (http && url.getHost() != null && url.getRawUserInfo() == null && url.getRawFragment() == null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has something that is no URL", e);
        }
        throw new IllegalArgumentException("has a URL that is not http(s)://host/…, without user and fragment");
    }

    private static String secret(String text) {
        try {
            if (text.startsWith(SECRET_PREFIX)) {
                int bytes = Base64.getDecoder().decode(text.substring(SECRET_PREFIX.length())).length;
                if (bytes >= MIN_SECRET && bytes <= MAX_SECRET) {
                    return text;
                }
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("has a secret that is no Base64 after whsec_", e);
        }
        throw new IllegalArgumentException(
                "has a secret that is not whsec_ and " + MIN_SECRET + " to " + MAX_SECRET + " bytes in Base64");
    }

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<WebhookSettings> load(NoirConfig.Reader reader) {
        Optional<List<URI>> urls = reader.read(URLS);
        Optional<List<String>> secrets = reader.read(SECRETS);
        Optional<List<String>> types = reader.read(TYPES);
        Optional<Duration> timeout = reader.read(TIMEOUT);
        if (urls.isEmpty() || secrets.isEmpty() || types.isEmpty() || timeout.isEmpty()) {
            return Optional.empty();
        }
        if (!urls.get().isEmpty() && secrets.get().isEmpty()) {
            reader.problem("noir.webhooks.secrets: is empty, so receivers could not know who calls them;"
                    + " make one by: echo whsec_$(openssl rand -base64 32)");
        }
        return Optional.of(new WebhookSettings(urls.get(), secrets.get(), types.get(), timeout.get()));
    }

    /** Without secrets. */
    @Override
    public String toString() {
        return "WebhookSettings[urls=" + urls.size() + ", types=" + types + "]";
    }
}
