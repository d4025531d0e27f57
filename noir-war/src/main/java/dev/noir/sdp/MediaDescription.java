package dev.noir.sdp;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One m-line with the lines below it.
 *
 * @param media audio, video, application or something we will reject
 * @param formats payload types, or {@code webrtc-datachannel}
 * @param lines everything below the m-line in order, unknown attributes included
 */
public record MediaDescription(String media, int port, String protocol, List<String> formats, List<SdpLine> lines) {
    public MediaDescription {
        formats = List.copyOf(formats);
        lines = List.copyOf(lines);
    }

    /** The value of the first such attribute, empty text for a flag. */
    Optional<String> attribute(String name) {
        return SessionDescription.first(lines, name);
    }

    /** The values of all such attributes. */
    List<String> attributes(String name) {
        return SessionDescription.all(lines, name);
    }

    /** Attributes of the form {@code name:<format> value}; the first one of a format counts. */
    Map<String, String> attributesByFormat(String name) {
        Map<String, String> values = new HashMap<>();
        for (String value : attributes(name)) {
            values.putIfAbsent(
                    Tokens.before(value, ' '), Tokens.after(value, ' ').strip());
        }
        return values;
    }

    boolean hasAttribute(String name) {
        return attribute(name).isPresent();
    }

    /** False for a refused or stopped section; port 0 is also how RFC 9143 §6 writes one that exists bundled only. */
    boolean isOffered() {
        return port != 0 || hasAttribute("bundle-only");
    }

    /** a=mid, or empty text. */
    public String mid() {
        return attribute("mid").orElse("");
    }

    void print(StringBuilder text) {
        text.append("m=").append(media).append(' ').append(port).append(' ').append(protocol);
        for (String format : formats) {
            text.append(' ').append(format);
        }
        text.append("\r\n");
        SessionDescription.print(lines, text);
    }
}
