package dev.noir.sdp;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks a subscriber's answer against our offer; used once. */
final class SubscriberAnswerReader {
    // Given.
    private final SubscriberOffer offer;
    private final SessionDescription answer;

    // State.
    private final Set<String> setups = new HashSet<>();

    SubscriberAnswerReader(SubscriberOffer offer, SessionDescription answer) {
        this.offer = offer;
        this.answer = answer;
    }

    SubscriberAnswer read() {
        int expected = offer.sections().size() + 1;
        if (answer.media().size() != expected) {
            throw new SdpException("the answer has " + answer.media().size() + " m-lines, the offer had " + expected);
        }
        checkOrigin();
        MediaDescription application = answer.media().get(0);
        checkSection(0, application, "application", SubscriberOfferWriter.APPLICATION_MID);
        List<SubscriberAnswer.Section> sections = new ArrayList<>();
        for (int i = 1; i < expected; i++) {
            SubscriberSection offered = offer.sections().get(i - 1);
            MediaDescription answered = answer.media().get(i);
            checkSection(i, answered, offered.kind().sdpName(), offered.mid());
            sections.add(read(offered, answered));
        }
        return new SubscriberAnswer(RemoteParameters.read(answer), application.port() != 0, sections);
    }

    /** Some clients answer with our own o-line. */
    private void checkOrigin() {
        for (SdpLine line : answer.lines()) {
            List<String> fields = line.type() == 'o' ? Tokens.split(line.value(), ' ', 16, "o-line") : List.of();
            if (fields.size() > 2
                    && fields.get(1).equals(Long.toString(offer.sessionId()))
                    && !fields.get(2).equals(Long.toString(offer.version()))) {
                throw earlier();
            }
        }
    }

    private static SdpException earlier() {
        return new SdpException("this answers an earlier offer");
    }

    private void checkSection(int index, MediaDescription section, String media, String mid) {
        if (!section.media().equals(media)) {
            throw new SdpException("m-line " + index + " of the answer should be " + media);
        }
        if (section.port() == 0) {
            return;
        }
        if (!section.mid().equals(mid)) {
            throw new SdpException("m-line " + index + " of the answer should have a=mid:" + mid);
        }
        // RFC 9143 §7.3.3: the answerer may take a section out of the bundle, but we have one transport only.
        if (!answer.bundle().contains(mid) && !hasOneSection()) {
            throw new SdpException("the answer does not bundle a=mid:" + mid
                    + ": there is one transport for all m-lines, as by bundle policy \"max-bundle\"");
        }
        // RFC 5763 §5: we offered actpass. Pion chooses passive because we are ICE-lite.
        setups.add(answer.attributeFor(section, "setup").orElse(""));
        if (!setups.equals(Set.of("active")) && !setups.equals(Set.of("passive"))) {
            throw new SdpException("a=setup of the answer must be active or passive, the same everywhere");
        }
    }

    private boolean hasOneSection() {
        return answer.media().stream().filter(section -> section.port() != 0).count() == 1;
    }

    private SubscriberAnswer.Section read(SubscriberSection offered, MediaDescription answered) {
        boolean rejected = answered.port() == 0;
        if (!rejected && !offered.isActive() && answered.hasAttribute(Direction.RECVONLY.sdpName())) {
            throw earlier(); // RFC 3264 §6.1: the answer to inactive is inactive.
        }
        boolean wanted = !rejected
                && offered.isActive()
                && Direction.of(answer, answered).receives();
        List<PayloadMapping> payloads = wanted ? payloads(offered, answered) : List.of();
        boolean rtx = payloads.stream().anyMatch(mapping -> mapping.rtxPayloadType() != PayloadMapping.NO_RTX);
        SubscriberAnswer.State unwanted = rejected ? SubscriberAnswer.State.REJECTED : SubscriberAnswer.State.INACTIVE;
        return new SubscriberAnswer.Section(
                offered.mid(),
                payloads.isEmpty() ? unwanted : SubscriberAnswer.State.ACCEPTED,
                offered.ssrc(),
                rtx ? offered.rtxSsrc() : 0,
                offered.cname(),
                payloads,
                extensions(offered, answered));
    }

    private static List<PayloadMapping> payloads(SubscriberSection offered, MediaDescription answered) {
        Map<String, String> rtpmaps = answered.attributesByFormat("rtpmap");
        Map<String, String> fmtps = answered.attributesByFormat("fmtp");
        Set<String> formats = new HashSet<>(answered.formats());
        List<PayloadMapping> accepted = new ArrayList<>();
        for (PayloadMapping mapping : offered.payloads()) {
            String format = Integer.toString(mapping.payloadType());
            if (formats.contains(format)
                    && rtpmaps.getOrDefault(format, "").equalsIgnoreCase(offered.rtpmap(mapping))) {
                String rtx = Integer.toString(mapping.rtxPayloadType());
                // RFC 4588 §8.1: an RTX payload type belongs to the one named by apt.
                boolean hasRtx =
                        formats.contains(rtx) && fmtps.getOrDefault(rtx, "").equals("apt=" + format);
                accepted.add(new PayloadMapping(
                        mapping.sourcePayloadType(),
                        mapping.payloadType(),
                        hasRtx ? mapping.rtxPayloadType() : PayloadMapping.NO_RTX));
            }
        }
        return accepted;
    }

    private static ExtensionIds extensions(SubscriberSection offered, MediaDescription answered) {
        Map<HeaderExtension, Integer> accepted = new EnumMap<>(HeaderExtension.class);
        for (String value : answered.attributes("extmap")) {
            long id = Tokens.numberOrNegative(Tokens.before(Tokens.before(value, ' '), '/'), 255);
            String uri = Tokens.before(Tokens.after(value, ' ').strip(), ' ');
            for (HeaderExtension extension : offered.extensions()) {
                if (extension.uri().equals(uri) && extension.subscriberId() == id) {
                    accepted.put(extension, (int) id);
                }
            }
        }
        // Numbers are of no use without the reports.
        if (!reportsNumbers(answered)) {
            accepted.remove(HeaderExtension.TRANSPORT_SEQUENCE);
        }
        return ExtensionIds.of(accepted);
    }

    private static boolean reportsNumbers(MediaDescription answered) {
        return answered.attributes("rtcp-fb").stream()
                .anyMatch(value -> Tokens.after(value, ' ').strip().equals(SubscriberOfferWriter.TRANSPORT_CC));
    }
}
