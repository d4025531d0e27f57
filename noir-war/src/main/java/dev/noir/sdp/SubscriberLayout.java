package dev.noir.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a client's subscriber connection looks like after our last offer, read from its text: enough to go on offering from
 * another node, with the same m-lines in the same order (RFC 8829 §5.2.2).
 *
 * @param sessionId of the o-line
 * @param version of the o-line
 * @param sections the media sections; those that were sendonly are {@link SubscriberSection.State#ACTIVE}
 * @param answeredUfrag the client's ICE user name fragment before the restart; empty when it has not answered yet
 */
public record SubscriberLayout(long sessionId, long version, List<SubscriberSection> sections, String answeredUfrag) {
    private static final String RTX = "rtx/";

    public SubscriberLayout {
        sections = List.copyOf(sections);
    }

    /**
     * Reads the layout.
     *
     * @param offer our last one
     * @param answer the client's last one, which may answer an earlier offer; empty or unusable: it refused nothing
     * @throws SdpException when the offer is none of ours
     */
    public static SubscriberLayout read(String offer, String answer) {
        SessionDescription offered = SessionDescription.parse(offer);
        Optional<SessionDescription> answered = parse(answer);
        if (offered.media().isEmpty()
                || !offered.media().get(0).mid().equals(SubscriberOfferWriter.APPLICATION_MID)
                || !offered.media().get(0).media().equals("application")) {
            throw new SdpException("the offer does not begin with m=application");
        }
        List<SubscriberSection> sections = new ArrayList<>();
        for (int i = 1; i < offered.media().size(); i++) {
            sections.add(section(offered.media().get(i), sectionAt(answered, i)));
        }
        List<String> origin = Tokens.split(origin(offered), ' ', 6, "o-line");
        return new SubscriberLayout(
                number(origin, 1),
                number(origin, 2),
                sections,
                answered.map(SubscriberLayout::ufrag).orElse(""));
    }

    private static Optional<SessionDescription> parse(String answer) {
        try {
            return answer.isEmpty() ? Optional.empty() : Optional.of(SessionDescription.parse(answer));
        } catch (SdpException e) {
            return Optional.empty(); // The client's, and refused by the old host, too.
        }
    }

    private static String ufrag(SessionDescription answer) {
        try {
            return RemoteParameters.read(answer).ufrag();
        } catch (SdpException e) {
            return ""; // As above.
        }
    }

    private static @Nullable MediaDescription sectionAt(Optional<SessionDescription> answer, int index) {
        return answer.filter(description -> index < description.media().size())
                .map(description -> description.media().get(index))
                .orElse(null);
    }

    private static String origin(SessionDescription offer) {
        return offer.lines().stream()
                .filter(line -> line.type() == 'o')
                .map(SdpLine::value)
                .findFirst()
                .orElse("");
    }

    private static long number(List<String> origin, int index) {
        try {
            return Long.parseLong(origin.get(index));
        } catch (IndexOutOfBoundsException | NumberFormatException e) {
            throw new SdpException("the offer has no o-line of ours");
        }
    }

    private static SubscriberSection section(MediaDescription offered, @Nullable MediaDescription answered) {
        MediaKind kind = offered.media().equals("audio") ? MediaKind.AUDIO : MediaKind.VIDEO;
        List<CodecParameters> codecs = new ArrayList<>();
        List<PayloadMapping> payloads = new ArrayList<>();
        readCodecs(offered, kind, codecs, payloads);
        String msid = offered.attribute("msid").orElse("");
        List<Long> ssrcs = ssrcs(offered);
        return new SubscriberSection(
                offered.mid(),
                kind,
                state(offered, answered),
                Tokens.before(msid, ' '),
                Tokens.after(msid, ' '),
                codecs,
                payloads,
                ssrcs.get(0),
                ssrcs.get(1));
    }

    private static SubscriberSection.State state(MediaDescription offered, @Nullable MediaDescription answered) {
        if (offered.port() == 0 || (answered != null && answered.port() == 0)) {
            return SubscriberSection.State.REFUSED;
        }
        if (offered.hasAttribute(Direction.SENDONLY.sdpName())) {
            return SubscriberSection.State.ACTIVE;
        }
        boolean confirmed = answered != null && answered.hasAttribute(Direction.INACTIVE.sdpName());
        return confirmed ? SubscriberSection.State.FREE : SubscriberSection.State.INACTIVE;
    }

    private static void readCodecs(
            MediaDescription offered, MediaKind kind, List<CodecParameters> codecs, List<PayloadMapping> payloads) {
        Map<String, String> rtpmaps = offered.attributesByFormat("rtpmap");
        Map<String, String> fmtps = offered.attributesByFormat("fmtp");
        for (String format : offered.formats()) {
            String rtpmap = rtpmaps.getOrDefault(format, "");
            Optional<Codec> codec = Codec.ofRtpmap(kind, rtpmap);
            int payloadType = (int) Tokens.numberOrNegative(format, 127);
            if (codec.isPresent() && payloadType >= 0) {
                codecs.add(new CodecParameters(payloadType, codec.get(), fmtps.getOrDefault(format, "")));
                // Whose payload type it stood for does not matter: no track is here.
                payloads.add(new PayloadMapping(payloadType, payloadType, rtx(format, rtpmaps, fmtps)));
            }
        }
    }

    private static int rtx(String format, Map<String, String> rtpmaps, Map<String, String> fmtps) {
        for (Map.Entry<String, String> rtpmap : rtpmaps.entrySet()) {
            if (rtpmap.getValue().startsWith(RTX)
                    && fmtps.getOrDefault(rtpmap.getKey(), "").equals("apt=" + format)) {
                return (int) Tokens.numberOrNegative(rtpmap.getKey(), 127);
            }
        }
        return PayloadMapping.NO_RTX;
    }

    /** The SSRC and that of its RTX, 0 where there is none. */
    private static List<Long> ssrcs(MediaDescription offered) {
        List<String> group = Tokens.split(offered.attribute("ssrc-group").orElse(""), ' ', 3, "a=ssrc-group");
        if (group.size() == 3) {
            return List.of(ssrc(group.get(1)), ssrc(group.get(2)));
        }
        return List.of(ssrc(Tokens.before(offered.attribute("ssrc").orElse("0"), ' ')), 0L);
    }

    private static long ssrc(String text) {
        return Math.max(0, Tokens.numberOrNegative(text, 0xFFFF_FFFFL));
    }
}
