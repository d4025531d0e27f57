package dev.noir.sdp;

import java.util.Optional;

/** How a client writes its m=application: as RFC 8841 has it, or as drafts before it did. We answer in the same form (§4). */
enum SctpForm {
    /** {@code m=application 9 UDP/DTLS/SCTP webrtc-datachannel} with {@code a=sctp-port:5000}. */
    PORT_ATTRIBUTE,
    /** {@code m=application 9 DTLS/SCTP 5000} with {@code a=sctpmap:5000 webrtc-datachannel 65535}. */
    PORT_AS_FORMAT;

    private static final String PROTOCOL = "DTLS/SCTP";
    private static final String DATA_CHANNEL = "webrtc-datachannel";
    private static final String OUR_PORT = Integer.toString(SdpWriter.SCTP_PORT);

    /** RFC 8841 draft 07 §9.2: streams in each direction, which the association agrees upon by itself. */
    private static final String OUR_STREAMS = "1024";

    /** Empty when it is no data channel, or one on another port than the only one of the media plane. */
    static Optional<SctpForm> of(MediaDescription section) {
        if (!section.protocol().endsWith(PROTOCOL)) {
            return Optional.empty();
        }
        if (section.formats().contains(DATA_CHANNEL)) {
            long port = Tokens.numberOrNegative(section.attribute("sctp-port").orElse(OUR_PORT), 65_535);
            return port == SdpWriter.SCTP_PORT ? Optional.of(PORT_ATTRIBUTE) : Optional.empty();
        }
        String map = section.attributesByFormat("sctpmap").getOrDefault(OUR_PORT, "");
        return section.formats().contains(OUR_PORT) && Tokens.before(map, ' ').equals(DATA_CHANNEL)
                ? Optional.of(PORT_AS_FORMAT)
                : Optional.empty();
    }

    /** What stands last in the m-line. */
    String format() {
        return this == PORT_ATTRIBUTE ? DATA_CHANNEL : OUR_PORT;
    }

    void writeTo(SdpWriter writer) {
        writer.attribute(
                this == PORT_ATTRIBUTE
                        ? "sctp-port:" + OUR_PORT
                        : "sctpmap:" + OUR_PORT + " " + DATA_CHANNEL + " " + OUR_STREAMS);
        writer.attribute("max-message-size:" + SdpWriter.MAX_MESSAGE_BYTES);
    }
}
