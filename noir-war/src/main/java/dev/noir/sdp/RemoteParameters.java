package dev.noir.sdp;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client's description says about its end of the transport.
 *
 * @param fingerprints of the certificates of which it will show one (RFC 8122 §5), in their order, each once
 * @param passive it is the DTLS server: {@code a=setup:passive} (RFC 8842 §5.3)
 */
public record RemoteParameters(IceCredentials ice, List<Fingerprint> fingerprints, boolean passive) {
    private static final String SHA256 = "sha-256";
    private static final int MOST_FINGERPRINTS = 4;

    public RemoteParameters {
        fingerprints = fingerprints.stream().distinct().sorted().toList();
        if (fingerprints.size() > MOST_FINGERPRINTS) {
            throw new SdpException(
                    "more than " + MOST_FINGERPRINTS + " certificates are named by a=fingerprint:sha-256");
        }
    }

    public String ufrag() {
        return ice.ufrag();
    }

    public String pwd() {
        return ice.pwd();
    }

    RemoteParameters withPassive(boolean kept) {
        return new RemoteParameters(ice, fingerprints, kept);
    }

    /** True when the client restarted ICE since {@code previous} (RFC 8839 §4.4.1.1.1: both change together). */
    public boolean isIceRestart(@Nullable RemoteParameters previous) {
        return previous != null && !previous.ice.equals(ice);
    }

    /**
     * Reads what the description says for the whole bundle. RFC 9143 §7.1.3: one section in use speaks for all; those
     * that exist bundled only do not repeat it.
     *
     * @throws SdpException when something is missing or malformed
     */
    public static RemoteParameters read(SessionDescription description) {
        for (MediaDescription section : description.media()) {
            if (section.isOffered()
                    && description.attributeFor(section, "ice-ufrag").isPresent()) {
                return readFrom(description, section);
            }
        }
        throw new SdpException("no m-line in use has a=ice-ufrag");
    }

    /** As the other one, but the section that owns the transport is known; it may say nothing itself and mean the others. */
    static RemoteParameters read(SessionDescription description, MediaDescription section) {
        boolean speaks = description.attributeFor(section, "ice-ufrag").isPresent();
        return speaks ? readFrom(description, section) : read(description);
    }

    private static RemoteParameters readFrom(SessionDescription description, MediaDescription section) {
        String ufrag = description.attributeFor(section, "ice-ufrag").orElseThrow(() -> missing("ice-ufrag"));
        String pwd = description.attributeFor(section, "ice-pwd").orElseThrow(() -> missing("ice-pwd"));
        boolean passive = description.attributeFor(section, "setup").orElse("").equals("passive");
        return new RemoteParameters(new IceCredentials(ufrag, pwd), readFingerprints(description, section), passive);
    }

    /** RFC 8122 §5: those of the section count for it, those of the session for sections that name none; we verify by SHA-256. */
    private static List<Fingerprint> readFingerprints(SessionDescription description, MediaDescription section) {
        List<String> ofSection = section.attributes("fingerprint");
        List<String> ofSession = SessionDescription.all(description.lines(), "fingerprint");
        for (List<String> named : List.of(ofSection, ofSession)) {
            List<Fingerprint> sha256 = named.stream()
                    .filter(one -> Tokens.before(one, ' ').equalsIgnoreCase(SHA256))
                    .map(one -> new Fingerprint(Tokens.after(one, ' ').strip()))
                    .toList();
            if (!sha256.isEmpty()) {
                return sha256;
            }
        }
        boolean none = ofSection.isEmpty() && ofSession.isEmpty();
        throw none ? missing("fingerprint") : new SdpException("no a=fingerprint is of type sha-256");
    }

    private static SdpException missing(String attribute) {
        return new SdpException("a=" + attribute + " is missing");
    }
}
