package dev.noir.sdp;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The offer of a client that only receives, and offers itself (WHEP). What it is sent later is not known when it is answered, so the
 * answer names no source: which one it is, each packet says by its mid (RFC 9143 §9.2).
 */
public final class ViewerOffer {
    private static final int MAX_SECTIONS = 16;
    private static final String RTP_PROTOCOL = "RTP/SAVPF";
    private static final Set<String> SETUPS = Set.of("actpass", "active", "passive");

    // Given.
    private final SessionDescription offer;

    // By mid, in m-line order; the first one of the offer's group has the transport.
    private final Map<String, ViewerSection> sections = new LinkedHashMap<>();
    private final RemoteParameters remote;
    private final String transportMid;

    private ViewerOffer(SessionDescription offer) {
        this.offer = offer;
        Set<String> mids = new HashSet<>();
        for (MediaDescription section : offer.media()) {
            if (!section.mid().isEmpty() && !mids.add(section.mid())) {
                throw new SdpException("two m-lines have a=mid:" + Tokens.quote(section.mid()));
            }
            kind(section).map(kind -> ViewerSection.read(section, kind)).ifPresent(this::accept);
        }
        if (sections.isEmpty() || offer.media().size() > MAX_SECTIONS) {
            throw new SdpException(
                    "the offer has no m-line on which something could be received, or more than " + MAX_SECTIONS);
        }
        this.transportMid = transport();
        MediaDescription transport = offer.media().stream()
                .filter(section -> section.mid().equals(transportMid))
                .findFirst()
                .orElseThrow();
        this.remote = RemoteParameters.read(offer, transport).withPassive(isPassive());
    }

    /** @throws SdpException when nothing can be received, or something is wrong with it as a whole */
    public static ViewerOffer read(SessionDescription offer) {
        return new ViewerOffer(offer);
    }

    private void accept(ViewerSection section) {
        if (!section.codecs().isEmpty()) {
            sections.put(section.mid(), section);
        }
    }

    /** Of what can be received there; empty: nothing. */
    private Optional<MediaKind> kind(MediaDescription section) {
        boolean usable = section.isOffered()
                && section.protocol().endsWith(RTP_PROTOCOL)
                && section.hasAttribute("rtcp-mux")
                && Tokens.isToken(section.mid())
                && Direction.of(offer, section).receives();
        if (!usable) {
            return Optional.empty();
        }
        return switch (section.media()) {
            case "audio" -> Optional.of(MediaKind.AUDIO);
            case "video" -> Optional.of(MediaKind.VIDEO);
            default -> Optional.empty();
        };
    }

    /** RFC 9143 §7.3.1: the first of the group that is accepted. There is one transport for all. */
    private String transport() {
        List<String> bundle = offer.bundle();
        if (sections.size() > 1 && !bundle.containsAll(sections.keySet())) {
            throw new SdpException("there is one transport for all m-lines, so the client has to bundle them, as by "
                    + "bundle policy \"max-bundle\"");
        }
        return bundle.stream().filter(sections::containsKey).findFirst().orElseGet(() -> sections.keySet()
                .iterator()
                .next());
    }

    /** RFC 8842 §5.3: with a choice we are the DTLS server. */
    private boolean isPassive() {
        Set<String> setups = new HashSet<>();
        for (MediaDescription section : offer.media()) {
            if (sections.containsKey(section.mid())) {
                setups.add(offer.attributeFor(section, "setup").orElse("actpass"));
            }
        }
        if (setups.size() > 1 || !SETUPS.containsAll(setups)) {
            throw new SdpException("a=setup must be actpass, active or passive, the same everywhere");
        }
        return setups.contains("passive");
    }

    public RemoteParameters remote() {
        return remote;
    }

    /** In m-line order. */
    public List<ViewerSection> sections() {
        return List.copyOf(sections.values());
    }

    /** @param version of our o-line, one more each time */
    public String answer(LocalParameters local, long version) {
        SdpWriter writer = new SdpWriter();
        List<String> bundle =
                offer.bundle().stream().filter(sections::containsKey).toList();
        writer.session(local, version, bundle);
        if (offer.attribute("extmap-allow-mixed").isPresent()) {
            writer.attribute("extmap-allow-mixed");
        }
        String setup = remote.passive() ? "active" : "passive";
        for (MediaDescription section : offer.media()) {
            ViewerSection accepted = sections.get(section.mid());
            if (accepted == null) {
                writer.rejected(
                        section.media(), section.protocol(), String.join(" ", section.formats()), section.mid());
                writer.transport(local, setup);
                writer.attribute(Direction.INACTIVE.sdpName());
            } else {
                new ViewerSectionWriter(writer, accepted).print(section, local, setup, transportMid);
            }
        }
        return writer.text();
    }
}
