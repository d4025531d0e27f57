package dev.noir.sdp;

import dev.noir.sdp.OfferedTrack.OfferedExtension;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes one answer to a publisher's offer, section by section; used once. */
final class PublisherAnswerer {
    // Given.
    private final SessionDescription description;
    private final LocalParameters local;
    private final PublisherOffer offer;
    private final @Nullable PublisherAnswer previous;

    // State.
    private final List<PublishedTrack> tracks = new ArrayList<>();
    private final Map<Integer, HeaderExtension> extensionsById = new HashMap<>();
    private final List<Map<HeaderExtension, Integer>> extensionSets = new ArrayList<>();
    private final SdpWriter body = new SdpWriter();
    private boolean hasDataChannel;

    PublisherAnswerer(
            SessionDescription description,
            LocalParameters local,
            PublisherOffer offer,
            @Nullable PublisherAnswer previous) {
        this.description = description;
        this.local = local;
        this.offer = offer;
        this.previous = previous;
    }

    PublisherAnswer answer() {
        offer.sections().forEach(this::write);
        long version = previous == null ? 1 : previous.version() + 1;
        SdpWriter head = new SdpWriter();
        head.session(local, version, offer.acceptedBundle());
        if (description.attribute("extmap-allow-mixed").isPresent()) {
            head.attribute("extmap-allow-mixed");
        }
        return new PublisherAnswer(
                head.text() + body.text(),
                version,
                offer.remote(),
                tracks,
                extensionSets.stream().map(ExtensionIds::of).toList(),
                hasDataChannel,
                offer.transportSection().mid(),
                description.media().stream()
                        .map(section -> new PublisherAnswer.SectionShape(section.media(), section.mid()))
                        .toList());
    }

    private void write(OfferedSection decided) {
        if (decided.track() != null) {
            writeTrack(decided, decided.track());
        } else if (decided.sctp() != null) {
            writeDataChannel(decided, decided.sctp());
        } else {
            writeRefused(decided.section());
        }
    }

    /** Some clients look for a transport here, too, and for codecs of their own. */
    private void writeRefused(MediaDescription section) {
        body.rejected(section.media(), section.protocol(), String.join(" ", section.formats()), section.mid());
        body.transport(local, setup());
        body.attribute(Direction.INACTIVE.sdpName());
        for (SdpLine line : section.lines()) {
            if (line.isAttribute("rtcp-mux")
                    || line.isAttribute("rtpmap")
                    || line.isAttribute("fmtp")
                    || line.isAttribute("sctp-port")
                    || line.isAttribute("sctpmap")) {
                body.attribute(line.value());
            }
        }
    }

    private void writeDataChannel(OfferedSection decided, SctpForm form) {
        hasDataChannel = true;
        MediaDescription section = decided.section();
        body.section(section.media(), section.protocol(), form.format(), section.mid());
        writeTransport(decided);
        form.writeTo(body);
    }

    private void writeTrack(OfferedSection decided, OfferedTrack track) {
        MediaDescription section = decided.section();
        Map<HeaderExtension, OfferedExtension> extensions = acceptExtensions(track);
        ExtensionIds ids = ids(extensions);
        List<String> rids = track.rids(ids.rid() != 0);
        List<Encoding> encodings = track.encodings(rids);
        Map<Integer, Integer> repairs = track.repairs(encodings, ids.repairedRid() != 0);
        body.section(section.media(), section.protocol(), formats(track.codecs(), repairs), section.mid());
        writeTransport(decided);
        body.attribute((decided.sending() ? Direction.RECVONLY : Direction.INACTIVE).sdpName());
        body.attribute("rtcp-mux");
        if (section.hasAttribute("rtcp-rsize")) {
            body.attribute("rtcp-rsize");
        }
        writeExtensions(section, extensions);
        Set<String> feedback = writeCodecs(track, ids, repairs);
        rids.forEach(rid -> body.attribute("rid:" + rid + " recv"));
        if (!rids.isEmpty()) {
            body.attribute("simulcast:recv " + String.join(";", rids));
        }
        List<String> msid = track.streamAndTrack("noir-" + local.sessionId());
        tracks.add(new PublishedTrack(
                section.mid(),
                track.kind(),
                msid.get(0),
                msid.get(1),
                track.codecs(),
                repairs,
                repairs.isEmpty() ? withoutRepairs(encodings) : encodings,
                ids,
                feedback.contains("nack"),
                feedback.contains("nack pli"),
                feedback.contains("ccm fir"),
                feedback.contains("transport-cc"),
                decided.sending(),
                track.isScreen()));
    }

    private static String formats(List<CodecParameters> codecs, Map<Integer, Integer> repairs) {
        return Stream.concat(codecs.stream().map(CodecParameters::payloadType), repairs.values().stream())
                .map(payloadType -> Integer.toString(payloadType))
                .collect(Collectors.joining(" "));
    }

    private static List<Encoding> withoutRepairs(List<Encoding> encodings) {
        return encodings.stream()
                .map(encoding -> new Encoding(encoding.rid(), encoding.ssrc()))
                .toList();
    }

    /** The other role than the client's (RFC 8842 §5.3). */
    private String setup() {
        return offer.remote().passive() ? "active" : "passive";
    }

    /** RFC 9143 §7.3.2: candidates stand in the section that has the transport, and only there. */
    private void writeTransport(OfferedSection decided) {
        body.transport(local, setup());
        if (offer.hasTransport(decided)) {
            body.candidates(local.candidates());
        }
    }

    /**
     * Accepts what does not contradict an earlier section: one id has one meaning within a bundle (RFC 9143 §9.1). The reverse
     * need not hold: clients that count ids anew in each section give one extension several.
     */
    private Map<HeaderExtension, OfferedExtension> acceptExtensions(OfferedTrack track) {
        Map<HeaderExtension, OfferedExtension> accepted = new EnumMap<>(HeaderExtension.class);
        track.extensions().forEach((extension, offered) -> {
            if (extensionsById.getOrDefault(offered.id(), extension) == extension) {
                extensionsById.put(offered.id(), extension);
                addToSets(extension, offered.id());
                accepted.put(extension, offered);
            }
        });
        return accepted;
    }

    private static ExtensionIds ids(Map<HeaderExtension, OfferedExtension> accepted) {
        Map<HeaderExtension, Integer> ids = new EnumMap<>(HeaderExtension.class);
        accepted.forEach((extension, offered) -> ids.put(extension, offered.id()));
        return ExtensionIds.of(ids);
    }

    private void writeExtensions(MediaDescription section, Map<HeaderExtension, OfferedExtension> accepted) {
        if (section.hasAttribute("extmap-allow-mixed")) {
            body.attribute("extmap-allow-mixed");
        }
        accepted.forEach((extension, offered) -> {
            // RFC 8285 §5: the answer to sendonly is recvonly.
            String use = offered.direction() == Direction.SENDONLY ? "/recvonly " : " ";
            body.attribute("extmap:" + offered.id() + use + extension.uri());
        });
    }

    /** The first set is all there is with most clients: every packet is looked at with each of them. */
    private void addToSets(HeaderExtension extension, int id) {
        for (Map<HeaderExtension, Integer> set : extensionSets) {
            if (set.computeIfAbsent(extension, key -> id) == id) {
                return;
            }
        }
        Map<HeaderExtension, Integer> another = new EnumMap<>(HeaderExtension.class);
        another.put(extension, id);
        extensionSets.add(another);
    }

    /** Prints the codecs and returns the feedback that at least one of them has. */
    private Set<String> writeCodecs(OfferedTrack track, ExtensionIds ids, Map<Integer, Integer> repairs) {
        Set<String> all = new HashSet<>();
        for (CodecParameters codec : track.codecs()) {
            body.attribute("rtpmap:" + codec.payloadType() + " " + codec.codec().rtpmap());
            if (!codec.fmtp().isEmpty()) {
                body.attribute("fmtp:" + codec.payloadType() + " " + codec.fmtp());
            }
            List<String> feedback = track.feedback(codec.payloadType(), ids.transportSequence() != 0);
            feedback.forEach(type -> body.attribute("rtcp-fb:" + codec.payloadType() + " " + type));
            all.addAll(feedback);
            Integer rtx = repairs.get(codec.payloadType());
            if (rtx != null) {
                body.attribute("rtpmap:" + rtx + " rtx/" + codec.clockRate());
                body.attribute("fmtp:" + rtx + " apt=" + codec.payloadType());
            }
        }
        return all;
    }
}
