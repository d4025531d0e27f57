package dev.noir.sdp;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes one answer to a publisher's offer, section by section; used once. */
final class PublisherAnswerer {
    /** As many as the media plane takes per transport. */
    private static final int MAX_SENDING_TRACKS = 64;

    private static final int MAX_MID_CHARS = 32;
    private static final String RTP_PROTOCOL = "RTP/SAVPF";
    private static final String SCTP_PROTOCOL = "DTLS/SCTP";
    private static final String DATA_CHANNEL_FORMAT = "webrtc-datachannel";

    // Given.
    private final SessionDescription offer;
    private final LocalParameters local;
    private final @Nullable PublisherAnswer previous;
    private final SectionFilter filter;

    // State.
    private final Set<String> bundle;
    private final List<String> acceptedMids = new ArrayList<>();
    private final List<PublishedTrack> tracks = new ArrayList<>();
    private final Map<HeaderExtension, Integer> extensions = new EnumMap<>(HeaderExtension.class);
    private final SdpWriter body = new SdpWriter();
    private int sendingTracks;
    private boolean hasDataChannel;

    PublisherAnswerer(
            SessionDescription offer, LocalParameters local, @Nullable PublisherAnswer previous, SectionFilter filter) {
        this.offer = offer;
        this.local = local;
        this.previous = previous;
        this.filter = filter;
        this.bundle = offer.bundle();
    }

    PublisherAnswer answer() {
        checkSections();
        RemoteParameters remote = RemoteParameters.read(offer);
        checkDtls(remote);
        for (MediaDescription section : offer.media()) {
            answer(section);
        }
        if (acceptedMids.isEmpty()) {
            throw new SdpException("no m-line of the offer can be accepted");
        }
        long version = previous == null ? 1 : previous.version() + 1;
        SdpWriter head = new SdpWriter();
        head.session(local, version, acceptedMids);
        if (offer.attribute("extmap-allow-mixed").isPresent()) {
            head.attribute("extmap-allow-mixed");
        }
        return new PublisherAnswer(
                head.text() + body.text(),
                version,
                remote,
                tracks,
                ExtensionIds.of(extensions),
                hasDataChannel,
                offer.media().stream()
                        .map(section -> new PublisherAnswer.SectionShape(section.media(), section.mid()))
                        .toList());
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

    private void checkDtls(RemoteParameters remote) {
        for (MediaDescription section : offer.media()) {
            String setup = offer.attributeFor(section, "setup").orElse("actpass");
            if (section.isOffered() && !setup.equals("actpass") && !setup.equals("active")) {
                throw new SdpException("a=setup must be actpass or active: we are the DTLS server");
            }
        }
        if (previous != null && !previous.remote().fingerprint().equals(remote.fingerprint())) {
            throw new SdpException("the certificate has changed: that needs a new connection");
        }
    }

    private void answer(MediaDescription section) {
        boolean accepted =
                switch (section.media()) {
                    case "audio" -> isTransported(section) && answerTrack(section, MediaKind.AUDIO);
                    case "video" -> isTransported(section) && answerTrack(section, MediaKind.VIDEO);
                    case "application" -> isTransported(section) && answerDataChannel(section);
                    default -> false;
                };
        if (!accepted) {
            body.rejected(section.media(), section.protocol(), String.join(" ", section.formats()), section.mid());
        }
    }

    /** True when the section shares our one transport: it is the first, or bundled with the first. */
    private boolean isTransported(MediaDescription section) {
        if (!section.isOffered()) {
            return false;
        }
        return acceptedMids.isEmpty() || (bundle.contains(acceptedMids.get(0)) && bundle.contains(section.mid()));
    }

    private boolean answerDataChannel(MediaDescription section) {
        long port = Tokens.numberOrNegative(section.attribute("sctp-port").orElse("5000"), 65_535);
        if (hasDataChannel
                || port != SdpWriter.SCTP_PORT
                || !section.protocol().endsWith(SCTP_PROTOCOL)
                || !section.formats().contains(DATA_CHANNEL_FORMAT)) {
            return false;
        }
        hasDataChannel = true;
        body.section(section.media(), section.protocol(), DATA_CHANNEL_FORMAT, section.mid());
        writeTransport(section);
        body.dataChannel();
        return true;
    }

    private boolean answerTrack(MediaDescription section, MediaKind kind) {
        OfferedTrack track = new OfferedTrack(offer, section, kind);
        if (!section.protocol().endsWith(RTP_PROTOCOL)
                || !section.hasAttribute("rtcp-mux")
                || track.codecs().isEmpty()) {
            return false;
        }
        List<String> msid = track.streamAndTrack("noir-" + local.sessionId());
        boolean screen = track.isScreen(msid.get(0));
        boolean sending = track.direction().sends() && filter.takes(section.mid(), kind, screen);
        if (sending && sendingTracks == MAX_SENDING_TRACKS) {
            return false;
        }
        sendingTracks += sending ? 1 : 0;
        List<String> formats = track.codecs().stream()
                .map(codec -> Integer.toString(codec.payloadType()))
                .toList();
        body.section(section.media(), section.protocol(), String.join(" ", formats), section.mid());
        writeTransport(section);
        body.attribute((sending ? Direction.RECVONLY : Direction.INACTIVE).sdpName());
        body.attribute("rtcp-mux");
        if (section.hasAttribute("rtcp-rsize")) {
            body.attribute("rtcp-rsize");
        }
        ExtensionIds ids = writeExtensions(section, track);
        List<String> rids = track.rids(ids.rid() != 0);
        Set<String> feedback = writeCodecs(track, ids);
        rids.forEach(rid -> body.attribute("rid:" + rid + " recv"));
        if (!rids.isEmpty()) {
            body.attribute("simulcast:recv " + String.join(";", rids));
        }
        tracks.add(new PublishedTrack(
                section.mid(),
                kind,
                msid.get(0),
                msid.get(1),
                track.codecs(),
                track.encodings(rids),
                ids,
                feedback.contains("nack"),
                feedback.contains("nack pli"),
                feedback.contains("transport-cc"),
                sending,
                screen));
        return true;
    }

    /** RFC 9143 §7.3.2: candidates stand in the first section of the bundle only. */
    private void writeTransport(MediaDescription section) {
        body.transport(local, "passive");
        if (acceptedMids.isEmpty()) {
            body.candidates(local.candidates());
        }
        acceptedMids.add(section.mid());
    }

    /** Accepts what does not contradict an earlier section: RFC 9143 §9.1: one id has one meaning within a bundle. */
    private ExtensionIds writeExtensions(MediaDescription section, OfferedTrack track) {
        if (section.hasAttribute("extmap-allow-mixed")) {
            body.attribute("extmap-allow-mixed");
        }
        Map<HeaderExtension, Integer> accepted = new EnumMap<>(HeaderExtension.class);
        track.extensions().forEach((extension, offered) -> {
            Integer known = extensions.get(extension);
            boolean free = known == null && !extensions.containsValue(offered.id());
            if (free || Optional.ofNullable(known).equals(Optional.of(offered.id()))) {
                extensions.put(extension, offered.id());
                accepted.put(extension, offered.id());
                // RFC 8285 §5: the answer to sendonly is recvonly.
                String use = offered.direction() == Direction.SENDONLY ? "/recvonly " : " ";
                body.attribute("extmap:" + offered.id() + use + extension.uri());
            }
        });
        return ExtensionIds.of(accepted);
    }

    /** Prints the codecs and returns the feedback that at least one of them has. */
    private Set<String> writeCodecs(OfferedTrack track, ExtensionIds ids) {
        Set<String> all = new HashSet<>();
        for (CodecParameters codec : track.codecs()) {
            body.attribute("rtpmap:" + codec.payloadType() + " " + codec.codec().rtpmap());
            if (!codec.fmtp().isEmpty()) {
                body.attribute("fmtp:" + codec.payloadType() + " " + codec.fmtp());
            }
            List<String> feedback = track.feedback(codec.payloadType(), ids.transportSequence() != 0);
            feedback.forEach(type -> body.attribute("rtcp-fb:" + codec.payloadType() + " " + type));
            all.addAll(feedback);
        }
        return all;
    }
}
