package dev.noir.sdp;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Prints one section of our answer to a viewer's offer; used once. */
final class ViewerSectionWriter {
    // Given.
    private final SdpWriter writer;
    private final ViewerSection accepted;

    ViewerSectionWriter(SdpWriter writer, ViewerSection accepted) {
        this.writer = writer;
        this.accepted = accepted;
    }

    void print(MediaDescription section, LocalParameters local, String setup, String transportMid) {
        writer.section(section.media(), section.protocol(), formats(), accepted.mid());
        writer.transport(local, setup);
        if (accepted.mid().equals(transportMid)) {
            writer.candidates(local.candidates());
        }
        writer.attribute(Direction.SENDONLY.sdpName());
        writer.attribute("rtcp-mux");
        if (section.hasAttribute("rtcp-rsize")) {
            writer.attribute("rtcp-rsize");
        }
        // One stream for all, so that sound and pictures are kept together whoever they are of.
        writer.attribute(
                "msid:noir-" + local.sessionId() + " " + accepted.kind().sdpName() + "-" + accepted.mid());
        accepted.extensions().entrySet().stream()
                .sorted((one, other) -> Integer.compare(one.getValue(), other.getValue()))
                .forEach(entry -> writer.attribute(
                        "extmap:" + entry.getValue() + " " + entry.getKey().uri()));
        accepted.codecs().forEach(this::print);
    }

    private String formats() {
        List<String> formats = new ArrayList<>();
        accepted.codecs().forEach(codec -> formats.add(Integer.toString(codec.payloadType())));
        accepted.codecs().stream()
                .map(codec -> accepted.repairs().get(codec.payloadType()))
                .filter(rtx -> rtx != null)
                .forEach(rtx -> formats.add(Integer.toString(rtx)));
        return String.join(" ", formats);
    }

    private void print(CodecParameters codec) {
        int payloadType = codec.payloadType();
        writer.attribute("rtpmap:" + payloadType + " " + codec.codec().rtpmap());
        if (!codec.fmtp().isEmpty()) {
            writer.attribute("fmtp:" + payloadType + " " + codec.fmtp());
        }
        for (String word : accepted.feedback().getOrDefault(payloadType, Set.of())) {
            writer.attribute("rtcp-fb:" + payloadType + " " + word);
        }
        Integer rtx = accepted.repairs().get(payloadType);
        if (rtx != null) {
            writer.attribute("rtpmap:" + rtx + " rtx/" + codec.clockRate());
            writer.attribute("fmtp:" + rtx + " apt=" + payloadType);
        }
    }
}
