package dev.noir.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A session description (RFC 8866) as lines: nothing is interpreted but the m-lines, nothing is lost, so that printing
 * gives back what was parsed.
 *
 * @param lines the session-level lines in order, {@code v=} and {@code o=} included
 */
public record SessionDescription(List<SdpLine> lines, List<MediaDescription> media) {
    public SessionDescription {
        lines = List.copyOf(lines);
        media = List.copyOf(media);
    }

    /**
     * Parses a description; the limits are checked before anything of its size is allocated.
     *
     * @throws SdpException when the text is malformed or exceeds a limit
     */
    public static SessionDescription parse(String text) {
        return new SdpParser(text).parse();
    }

    /** The text with CRLF line ends. */
    public String print() {
        StringBuilder text = new StringBuilder();
        print(lines, text);
        media.forEach(section -> section.print(text));
        return text.toString();
    }

    /** The value of the first such session-level attribute, empty text for a flag. */
    Optional<String> attribute(String name) {
        return first(lines, name);
    }

    /** The value of a section's attribute, or else the session's (RFC 8866 §5.13: session level gives the default). */
    Optional<String> attributeFor(MediaDescription section, String name) {
        Optional<String> own = section.attribute(name);
        return own.isPresent() ? own : attribute(name);
    }

    /** The mids of the first BUNDLE group (RFC 9143) in its order; empty without one. */
    List<String> bundle() {
        for (String group : all(lines, "group")) {
            List<String> fields = Tokens.split(group, ' ', SdpParser.MAX_SECTIONS + 1, "a=group");
            if (!fields.isEmpty() && fields.get(0).equals("BUNDLE")) {
                return fields.stream().skip(1).distinct().toList();
            }
        }
        return List.of();
    }

    static Optional<String> first(List<SdpLine> lines, String name) {
        for (SdpLine line : lines) {
            if (line.isAttribute(name)) {
                return Optional.of(line.attributeValue());
            }
        }
        return Optional.empty();
    }

    static List<String> all(List<SdpLine> lines, String name) {
        List<String> values = new ArrayList<>();
        for (SdpLine line : lines) {
            if (line.isAttribute(name)) {
                values.add(line.attributeValue());
            }
        }
        return values;
    }

    static void print(List<SdpLine> lines, StringBuilder text) {
        for (SdpLine line : lines) {
            text.append(line.type()).append('=').append(line.value()).append("\r\n");
        }
    }
}
