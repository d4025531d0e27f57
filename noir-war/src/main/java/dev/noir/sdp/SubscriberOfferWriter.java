package dev.noir.sdp;

import java.util.ArrayList;
import java.util.List;

/** Prints our offers to subscribers. */
final class SubscriberOfferWriter {
    static final String APPLICATION_MID = "0";
    static final String TRANSPORT_CC = "transport-cc";

    /** Who does not number packets says by REMB what it can take. */
    private static final List<String> VIDEO_FEEDBACK =
            List.of(TRANSPORT_CC, "goog-remb", "ccm fir", "nack", "nack pli");

    private static final List<String> AUDIO_FEEDBACK = List.of(TRANSPORT_CC);

    private static final String RTP_PROTOCOL = "UDP/TLS/RTP/SAVPF";

    // Given.
    private final LocalParameters local;
    private final SdpWriter writer = new SdpWriter();

    SubscriberOfferWriter(LocalParameters local) {
        this.local = local;
    }

    String print(long version, List<SubscriberSection> sections) {
        List<String> bundle = new ArrayList<>();
        bundle.add(APPLICATION_MID);
        sections.stream()
                .filter(section -> section.state() != SubscriberSection.State.REFUSED)
                .forEach(section -> bundle.add(section.mid()));
        writer.session(local, version, bundle);
        // Dependency descriptors with a template structure do not fit one-byte headers (RFC 8285 §4.1.2).
        writer.attribute("extmap-allow-mixed");
        // Before the tracks, so that it is the section with the candidates and never goes away.
        writer.section("application", "UDP/DTLS/SCTP", "webrtc-datachannel", APPLICATION_MID);
        writer.transport(local, "actpass");
        writer.candidates(local.candidates());
        SctpForm.PORT_ATTRIBUTE.writeTo(writer);
        sections.forEach(this::print);
        return writer.text();
    }

    private void print(SubscriberSection section) {
        String media = section.kind().sdpName();
        if (section.state() == SubscriberSection.State.REFUSED) {
            writer.rejected(media, RTP_PROTOCOL, formats(section), section.mid());
        } else {
            writer.section(media, RTP_PROTOCOL, formats(section), section.mid());
        }
        writer.transport(local, "actpass");
        writer.attribute((section.isActive() ? Direction.SENDONLY : Direction.INACTIVE).sdpName());
        writer.attribute("rtcp-mux");
        writer.attribute("rtcp-rsize");
        for (HeaderExtension extension : section.extensions()) {
            writer.attribute("extmap:" + extension.subscriberId() + " " + extension.uri());
        }
        section.codecs().forEach(codec -> printCodec(codec, section));
        if (section.isActive()) {
            printSource(section);
        }
    }

    private static String formats(SubscriberSection section) {
        List<String> formats = new ArrayList<>();
        section.codecs().forEach(codec -> formats.add(Integer.toString(codec.payloadType())));
        section.codecs().stream()
                .map(codec -> section.rtxPayloadType(codec.payloadType()))
                .filter(rtx -> rtx != PayloadMapping.NO_RTX)
                .forEach(rtx -> formats.add(Integer.toString(rtx)));
        // A refused section that another node has offered: its formats are forgotten, but an m-line must have one.
        return formats.isEmpty() ? "0" : String.join(" ", formats);
    }

    private void printCodec(CodecParameters codec, SubscriberSection section) {
        int payloadType = codec.payloadType();
        writer.attribute("rtpmap:" + payloadType + " " + codec.codec().rtpmap());
        String fmtp = codec.codec() == Codec.RED ? blocks(section) : codec.fmtp();
        if (!fmtp.isEmpty()) {
            writer.attribute("fmtp:" + payloadType + " " + fmtp);
        }
        for (String feedback : section.kind() == MediaKind.VIDEO ? VIDEO_FEEDBACK : AUDIO_FEEDBACK) {
            writer.attribute("rtcp-fb:" + payloadType + " " + feedback);
        }
        int rtx = section.rtxPayloadType(payloadType);
        if (rtx != PayloadMapping.NO_RTX) {
            // RFC 4588 §8.1.
            writer.attribute("rtpmap:" + rtx + " rtx/" + codec.clockRate());
            writer.attribute("fmtp:" + rtx + " apt=" + payloadType);
        }
    }

    /** Of RED (RFC 2198 §4): Opus, and Opus again. */
    private static String blocks(SubscriberSection section) {
        return section.codecs().stream()
                .filter(codec -> codec.codec() == Codec.OPUS)
                .findFirst()
                .map(opus -> opus.payloadType() + "/" + opus.payloadType())
                .orElse("");
    }

    private void printSource(SubscriberSection section) {
        String msid = section.streamId() + " " + section.trackId();
        writer.attribute("msid:" + msid);
        if (section.rtxSsrc() != 0) {
            writer.attribute("ssrc-group:FID " + section.ssrc() + " " + section.rtxSsrc());
        }
        printSsrc(section.ssrc(), section.cname(), msid);
        if (section.rtxSsrc() != 0) {
            printSsrc(section.rtxSsrc(), section.cname(), msid);
        }
    }

    private void printSsrc(long ssrc, String cname, String msid) {
        writer.attribute("ssrc:" + ssrc + " cname:" + cname);
        writer.attribute("ssrc:" + ssrc + " msid:" + msid);
    }
}
