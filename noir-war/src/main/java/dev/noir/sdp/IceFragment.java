package dev.noir.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is said over HTTP of a client's ICE when its description has been exchanged ({@code application/trickle-ice-sdpfrag}, RFC 8840
 * §9): candidates, and perhaps new credentials.
 *
 * @param ice the credentials it is about; empty: those that hold
 * @param candidates as they came, not looked at
 */
public record IceFragment(Optional<IceCredentials> ice, List<String> candidates) {
    /** In characters. Some hundred candidates. */
    public static final int MAX_CHARS = 32 * 1024;

    private static final int MAX_LINES = 512;
    private static final String UFRAG = "a=ice-ufrag:";
    private static final String PWD = "a=ice-pwd:";
    private static final String CANDIDATE = "a=candidate:";

    public IceFragment {
        candidates = List.copyOf(candidates);
    }

    /**
     * Reads one. Each section may repeat the credentials, since all share one transport; the first ones count.
     *
     * @throws SdpException when it is none, or too long
     */
    public static IceFragment parse(String text) {
        if (text.length() > MAX_CHARS) {
            throw new SdpException("the fragment is longer than " + MAX_CHARS + " characters");
        }
        List<String> candidates = new ArrayList<>();
        List<String> lines = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .limit(MAX_LINES + 1L)
                .toList();
        if (lines.isEmpty() || lines.size() > MAX_LINES) {
            throw new SdpException("the fragment has no lines, or more than " + MAX_LINES);
        }
        for (String line : lines) {
            if (line.length() < 2 || line.charAt(1) != '=') {
                throw new SdpException("the fragment has a line that is none of SDP: " + Tokens.quote(line));
            }
            if (line.startsWith(CANDIDATE)) {
                candidates.add(line.substring("a=".length()));
            }
        }
        return new IceFragment(credentials(first(lines, UFRAG), first(lines, PWD)), candidates);
    }

    private static Optional<IceCredentials> credentials(@Nullable String ufrag, @Nullable String pwd) {
        if (ufrag == null && pwd == null) {
            return Optional.empty();
        }
        if (ufrag == null || pwd == null) {
            throw new SdpException("a=ice-ufrag and a=ice-pwd go together");
        }
        return Optional.of(new IceCredentials(ufrag, pwd));
    }

    private static @Nullable String first(List<String> lines, String prefix) {
        return lines.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> line.substring(prefix.length()))
                .findFirst()
                .orElse(null);
    }

    /** It asks for other credentials than those of the description: ICE is to begin anew (RFC 9725 §4.3.3). */
    public boolean restarts(String offer) {
        return ice.isPresent() && !ice.equals(parsedIce(offer));
    }

    private static Optional<IceCredentials> parsedIce(String description) {
        List<String> lines = description.lines().map(String::strip).toList();
        return credentials(first(lines, UFRAG), first(lines, PWD));
    }

    /** The description with these credentials, and without the candidates of the old ones. */
    public String appliedTo(String offer) {
        IceCredentials now = ice.orElseThrow();
        StringBuilder applied = new StringBuilder(offer.length());
        for (String line : offer.lines().map(String::strip).toList()) {
            if (line.startsWith(UFRAG)) {
                applied.append(UFRAG).append(now.ufrag()).append("\r\n");
            } else if (line.startsWith(PWD)) {
                applied.append(PWD).append(now.pwd()).append("\r\n");
            } else if (!line.startsWith(CANDIDATE)) {
                applied.append(line).append("\r\n");
            }
        }
        return applied.toString();
    }

    /** What an answer of ours says of ICE; it stands in the section that has the candidates. */
    public static String of(String description) {
        SessionDescription parsed = SessionDescription.parse(description);
        return parsed.media().stream()
                .filter(section -> section.hasAttribute("candidate"))
                .findFirst()
                .map(IceFragment::printed)
                .orElse("");
    }

    private static String printed(MediaDescription section) {
        SdpWriter writer = new SdpWriter();
        for (String name : List.of("ice-ufrag", "ice-pwd")) {
            section.attribute(name).ifPresent(value -> writer.attribute(name + ":" + value));
        }
        // RFC 8840 §9: of the m-line only what kind it is matters.
        writer.line("m=" + section.media() + " 9 " + section.protocol() + " 0");
        writer.attribute("mid:" + section.mid());
        section.attributes("candidate").forEach(value -> writer.attribute("candidate:" + value));
        writer.attribute("end-of-candidates");
        return writer.text();
    }
}
