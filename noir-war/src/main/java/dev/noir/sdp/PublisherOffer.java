package dev.noir.sdp;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A publisher's offer, with what we take of it already decided. */
public final class PublisherOffer {
    /** As many as the media plane takes per transport. */
    private static final int MAX_SENDING_TRACKS = 64;

    /**
     * Sections on which nobody sends and that keep their place: as many as a peer may mute. Pages that publish and unpublish all day make two more each
     * time; those beyond are refused, oldest first, so that browsers use their places again (RFC 8829 §5.2.2).
     */
    static final int MAX_IDLE_SECTIONS = 16;

    /** A SDES item of RTCP, which a mid is, has a length of one byte (RFC 9143 §15.1). */
    private static final int MAX_MID_CHARS = 255;

    private static final String RTP_PROTOCOL = "RTP/SAVPF";

    private static final Set<String> SETUPS = Set.of("actpass", "active", "passive");

    // Given.
    private final SessionDescription offer;
    private final @Nullable PublisherAnswer previous;
    private final SectionFilter filter;
    private final boolean brief;

    // State.
    private final List<OfferedSection> sections = new ArrayList<>();
    private final List<String> bundle;
    private final OfferedSection tagged;
    private final RemoteParameters remote;
    private int sendingTracks;
    private boolean hasDataChannel;

    private PublisherOffer(
            SessionDescription offer, @Nullable PublisherAnswer previous, SectionFilter filter, boolean brief) {
        this.offer = offer;
        this.previous = previous;
        this.filter = filter;
        this.brief = brief;
        this.bundle = offer.bundle();
        checkSections();
        offer.media().forEach(section -> sections.add(decide(section)));
        this.tagged = tagged().orElseThrow(() -> new SdpException("no m-line of the offer can be accepted"));
        checkBundled();
        refuseIdle();
        this.remote = agreeOnRole(RemoteParameters.read(offer, tagged.section()));
    }

    /**
     * Decides about an offer.
     *
     * @param previous the last answer to this client, or null when there is none
     * @param filter what is taken of what the client wants to send; the rest is answered inactive
     * @throws SdpException when the offer as a whole is unacceptable; single unusable sections are only refused
     */
    public static PublisherOffer read(
            SessionDescription offer, @Nullable PublisherAnswer previous, SectionFilter filter) {
        return read(offer, previous, filter, false);
    }

    /**
     * As the other one.
     *
     * @param brief of each codec one form is taken, the one that would be sent anyway, for clients that read no long answers
     */
    public static PublisherOffer read(
            SessionDescription offer, @Nullable PublisherAnswer previous, SectionFilter filter, boolean brief) {
        return new PublisherOffer(offer, previous, filter, brief);
    }

    /** Restarts ICE, so that it must be answered with new local credentials. */
    public boolean isIceRestart() {
        return remote.isIceRestart(previous == null ? null : previous.remote());
    }

    /**
     * The client gives up its connection for another one: a new certificate; or the section is gone that had the connection,
     * and the next one of the bundle has its own (browsers end DTLS then and begin anew).
     */
    public boolean isNewConnection() {
        return isNewConnection(remote);
    }

    private boolean isNewConnection(RemoteParameters described) {
        return previous != null
                && (!previous.remote().fingerprints().equals(described.fingerprints())
                        || sections.stream()
                                .noneMatch(section -> section.isAccepted()
                                        && section.section().mid().equals(previous.transportMid())));
    }

    public PublisherAnswer answer(LocalParameters local) {
        return new PublisherAnswerer(offer, local, this, previous).answer();
    }

    List<OfferedSection> sections() {
        return sections;
    }

    /** The one whose transport all others share (RFC 9143 §2). */
    MediaDescription transportSection() {
        return tagged.section();
    }

    boolean hasTransport(OfferedSection section) {
        return section.section().mid().equals(tagged.section().mid());
    }

    RemoteParameters remote() {
        return remote;
    }

    /** The mids of what is accepted, in the order of the offer's group; empty where the offer bundles nothing. */
    List<String> acceptedBundle() {
        return bundle.stream().filter(mid -> accepted(mid).isPresent()).toList();
    }

    private Optional<OfferedSection> accepted(String mid) {
        return sections.stream()
                .filter(section ->
                        section.isAccepted() && section.section().mid().equals(mid))
                .findFirst();
    }

    /** RFC 9143 §7.3.1: the first of the group that is accepted, wherever it stands. */
    private Optional<OfferedSection> tagged() {
        Optional<OfferedSection> first =
                bundle.stream().flatMap(mid -> accepted(mid).stream()).findFirst();
        return first.or(
                () -> sections.stream().filter(OfferedSection::isAccepted).findFirst());
    }

    /** What holds for the offer as a whole: mids are unique, and the sections of the previous offer keep their places. */
    private void checkSections() {
        if (offer.media().isEmpty()) {
            throw new SdpException("the offer has no m-line");
        }
        Set<String> mids = new HashSet<>();
        for (MediaDescription section : offer.media()) {
            String mid = section.mid();
            if (section.isOffered() && (!Tokens.isToken(mid) || mid.length() > MAX_MID_CHARS)) {
                throw new SdpException("an m-line has no a=mid, or one that is not a short token");
            }
            if (!mid.isEmpty() && !mids.add(mid)) {
                throw new SdpException("two m-lines have a=mid:" + Tokens.quote(mid));
            }
        }
        if (previous == null) {
            return;
        }
        List<PublisherAnswer.SectionShape> shape = previous.shape();
        if (offer.media().size() < shape.size()) {
            throw new SdpException(
                    "the offer has " + offer.media().size() + " m-lines, the one before had " + shape.size());
        }
        for (int i = 0; i < shape.size(); i++) {
            MediaDescription section = offer.media().get(i);
            // RFC 8829 §5.2.2: a stopped section may be used again, but only under a new mid.
            if (section.mid().equals(shape.get(i).mid())
                    && !section.media().equals(shape.get(i).media())) {
                throw new SdpException("m-line " + i + " has changed its media type");
            }
        }
    }

    private void checkBundled() {
        for (OfferedSection section : sections) {
            String mid = section.section().mid();
            if (section.isAccepted() && !hasTransport(section) && !bundle.contains(mid)) {
                throw new SdpException(
                        "a=mid:" + Tokens.quote(mid) + " is not in the BUNDLE group: there is one transport "
                                + "for all m-lines, so the client has to bundle them, as by bundle policy \"max-bundle\"");
            }
        }
    }

    /** RFC 8842 §5.3, §5.5: with a choice we are the DTLS server, or what we were before on the same connection. */
    private RemoteParameters agreeOnRole(RemoteParameters described) {
        Set<String> setups = new HashSet<>();
        for (MediaDescription section : offer.media()) {
            if (section.isOffered()) {
                setups.add(offer.attributeFor(section, "setup").orElse("actpass"));
            }
        }
        if (!SETUPS.containsAll(setups)) {
            throw new SdpException("a=setup must be actpass, active or passive");
        }
        setups.remove("actpass");
        if (setups.size() > 1) {
            throw new SdpException("the m-lines have different roles in a=setup, but one transport");
        }
        if (previous == null || isNewConnection(described)) {
            return described.withPassive(setups.contains("passive"));
        }
        boolean passive = previous.remote().passive();
        if (setups.contains(passive ? "active" : "passive")) {
            throw new SdpException("a=setup changes the DTLS role, which needs a new connection");
        }
        return described.withPassive(passive);
    }

    private OfferedSection decide(MediaDescription section) {
        if (!section.isOffered()) {
            return OfferedSection.refused(section);
        }
        return switch (section.media()) {
            case "audio" -> track(section, MediaKind.AUDIO);
            case "video" -> track(section, MediaKind.VIDEO);
            case "application" -> dataChannel(section);
            default -> OfferedSection.refused(section);
        };
    }

    private OfferedSection dataChannel(MediaDescription section) {
        Optional<SctpForm> form = SctpForm.of(section);
        if (hasDataChannel || form.isEmpty()) {
            return OfferedSection.refused(section);
        }
        hasDataChannel = true;
        return OfferedSection.dataChannel(section, form.get());
    }

    private OfferedSection track(MediaDescription section, MediaKind kind) {
        OfferedTrack track = new OfferedTrack(offer, section, kind, brief);
        if (!section.protocol().endsWith(RTP_PROTOCOL)
                || !section.hasAttribute("rtcp-mux")
                || track.codecs().isEmpty()) {
            return OfferedSection.refused(section);
        }
        boolean sending = track.direction().sends() && filter.takes(section.mid(), kind, track.isScreen());
        if (sending && sendingTracks == MAX_SENDING_TRACKS) {
            return OfferedSection.refused(section);
        }
        sendingTracks += sending ? 1 : 0;
        return OfferedSection.track(section, track, sending);
    }

    /** Never the one with the transport. */
    private void refuseIdle() {
        List<Integer> idle = new ArrayList<>();
        for (int i = 0; i < sections.size(); i++) {
            OfferedSection section = sections.get(i);
            boolean dead =
                    section.track() != null && !section.track().direction().sends();
            if (section.isAccepted() && !hasTransport(section) && dead) {
                idle.add(i);
            }
        }
        for (int i : idle.subList(0, Math.max(0, idle.size() - MAX_IDLE_SECTIONS))) {
            sections.set(i, OfferedSection.refused(sections.get(i).section()));
        }
    }
}
