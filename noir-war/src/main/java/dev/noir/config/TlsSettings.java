package dev.noir.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What {@code java -jar} speaks https with.
 *
 * @param certificate file with the certificates in PEM form, the server's own first; empty: http
 * @param key file with its private key in PEM form, empty as well then
 */
public record TlsSettings(String certificate, String key) {
    static final Setting<String> CERTIFICATE = new Setting<>("noir.http.certificate", "", false, Function.identity());

    static final Setting<String> KEY = new Setting<>("noir.http.key", "", false, Function.identity());

    static final List<Setting<?>> ALL = List.of(CERTIFICATE, KEY);

    /** Empty when something is wrong, which the reader has noted. */
    static Optional<TlsSettings> load(NoirConfig.Reader reader) {
        String certificate = reader.read(CERTIFICATE).orElse("");
        String key = reader.read(KEY).orElse("");
        if (certificate.isEmpty() != key.isEmpty()) {
            reader.problem("noir.http.certificate and noir.http.key: https needs both, or neither for http");
            return Optional.empty();
        }
        return Optional.of(new TlsSettings(certificate, key));
    }

    /** The two files, or none. */
    public List<String> files() {
        return certificate.isEmpty() ? List.of() : List.of(certificate, key);
    }
}
