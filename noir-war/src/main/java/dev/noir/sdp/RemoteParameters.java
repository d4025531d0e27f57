package dev.noir.sdp;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client's description says about its end of the transport.
 *
 * @param passive it is the DTLS server: {@code a=setup:passive} (RFC 8842 §5.3)
 */
public record RemoteParameters(IceCredentials ice, Fingerprint fingerprint, boolean passive) {
    private static final String SHA256 = "sha-256";

    public String ufrag() {
        return ice.ufrag();
    }

    public String pwd() {
        return ice.pwd();
    }

    RemoteParameters withPassive(boolean kept) {
        return new RemoteParameters(ice, fingerprint, kept);
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
        return new RemoteParameters(new IceCredentials(ufrag, pwd), readFingerprint(description, section), passive);
    }

    private static Fingerprint readFingerprint(SessionDescription description, MediaDescription section) {
        List<String> fingerprints = new ArrayList<>(section.attributes("fingerprint"));
        fingerprints.addAll(SessionDescription.all(description.lines(), "fingerprint"));
        // RFC 8122 §5: several hashes of the one certificate may be given; we verify by SHA-256 only.
        for (String fingerprint : fingerprints) {
            if (Tokens.before(fingerprint, ' ').equalsIgnoreCase(SHA256)) {
                return new Fingerprint(Tokens.after(fingerprint, ' ').strip());
            }
        }
        throw fingerprints.isEmpty() ? missing("fingerprint") : new SdpException("no a=fingerprint is of type sha-256");
    }

    private static SdpException missing(String attribute) {
        return new SdpException("a=" + attribute + " is missing");
    }
}
