package dev.noir.sdp;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One audio or video section in which a client offers to receive a track: any of its kind that comes in a codec of the client's, one after
 * the other. Payload types and extensions' numbers are the client's.
 *
 * @param codecs in the client's order
 * @param repairs payload types, each with that of its RTX (RFC 4588 §8.1)
 * @param extensions those of the offer that we write
 * @param feedback by payload type, what the client gives of what we look at
 */
public record ViewerSection(
        String mid,
        MediaKind kind,
        List<CodecParameters> codecs,
        Map<Integer, Integer> repairs,
        Map<HeaderExtension, Integer> extensions,
        Map<Integer, Set<String>> feedback) {
    private static final int MAX_CODECS = 32;
    private static final int MAX_PAYLOAD_TYPE = 127;
    private static final int MAX_EXTENSION_ID = 14; // RFC 8285 §4.2: of one-byte headers, which every client reads.
    private static final String RTX = "rtx/90000";
    private static final String CONSTRAINED_BASELINE = "profile-level-id=42e0";
    private static final List<String> WORDS = List.of("transport-cc", "goog-remb", "ccm fir", "nack", "nack pli");

    private static final Set<HeaderExtension> WRITTEN = Set.of(
            HeaderExtension.MID,
            HeaderExtension.ABS_SEND_TIME,
            HeaderExtension.TRANSPORT_SEQUENCE,
            HeaderExtension.CAPTURE_TIME,
            HeaderExtension.AUDIO_LEVEL,
            HeaderExtension.VIDEO_ORIENTATION,
            HeaderExtension.PLAYOUT_DELAY,
            HeaderExtension.DEPENDENCY_DESCRIPTOR);

    public ViewerSection {
        codecs = List.copyOf(codecs);
        repairs = Map.copyOf(repairs);
        extensions = Map.copyOf(extensions);
        feedback = Map.copyOf(feedback);
    }

    static ViewerSection read(MediaDescription section, MediaKind kind) {
        Map<String, String> rtpmaps = section.attributesByFormat("rtpmap");
        Map<String, String> fmtps = section.attributesByFormat("fmtp");
        List<CodecParameters> codecs = codecs(section, kind, rtpmaps, fmtps);
        Map<Integer, Set<String>> feedback = feedback(section, codecs);
        return new ViewerSection(
                section.mid(),
                kind,
                codecs,
                repairs(section, codecs, rtpmaps, fmtps),
                extensions(section, feedback),
                feedback);
    }

    private static List<CodecParameters> codecs(
            MediaDescription section, MediaKind kind, Map<String, String> rtpmaps, Map<String, String> fmtps) {
        List<CodecParameters> found = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (String format : section.formats()) {
            int payloadType = (int) Tokens.numberOrNegative(format, MAX_PAYLOAD_TYPE);
            Optional<Codec> codec = Codec.ofRtpmap(kind, rtpmaps.getOrDefault(format, ""));
            String fmtp = fmtps.getOrDefault(format, "");
            // Sound with repeats (RED) is for who is offered the publisher's own.
            boolean known = codec.filter(one -> one != Codec.RED)
                    .flatMap(one -> CodecProfile.of(one, fmtp))
                    .isPresent();
            if (payloadType >= 0 && known && found.size() < MAX_CODECS && seen.add(payloadType)) {
                found.add(new CodecParameters(payloadType, codec.orElseThrow(), fmtp));
            }
        }
        return found;
    }

    private static Map<Integer, Integer> repairs(
            MediaDescription section,
            List<CodecParameters> codecs,
            Map<String, String> rtpmaps,
            Map<String, String> fmtps) {
        Map<Integer, Integer> repairs = new LinkedHashMap<>();
        for (String format : section.formats()) {
            int rtx = (int) Tokens.numberOrNegative(format, MAX_PAYLOAD_TYPE);
            String fmtp = fmtps.getOrDefault(format, "");
            if (rtx >= 0 && RTX.equalsIgnoreCase(rtpmaps.getOrDefault(format, "")) && fmtp.startsWith("apt=")) {
                int repaired = (int)
                        Tokens.numberOrNegative(Tokens.before(fmtp.substring("apt=".length()), ';'), MAX_PAYLOAD_TYPE);
                if (codecs.stream().anyMatch(codec -> codec.payloadType() == repaired)) {
                    repairs.putIfAbsent(repaired, rtx);
                }
            }
        }
        return repairs;
    }

    private static Map<Integer, Set<String>> feedback(MediaDescription section, List<CodecParameters> codecs) {
        Map<Integer, Set<String>> feedback = new LinkedHashMap<>();
        for (String value : section.attributes("rtcp-fb")) {
            String word = Tokens.after(value, ' ').strip().toLowerCase(Locale.ROOT);
            String format = Tokens.before(value, ' ');
            for (CodecParameters codec : codecs) {
                boolean concerns = format.equals("*") || format.equals(Integer.toString(codec.payloadType()));
                if (concerns && WORDS.contains(word)) {
                    feedback.computeIfAbsent(codec.payloadType(), key -> new LinkedHashSet<>())
                            .add(word);
                }
            }
        }
        return feedback;
    }

    private static Map<HeaderExtension, Integer> extensions(
            MediaDescription section, Map<Integer, Set<String>> feedback) {
        Map<HeaderExtension, Integer> extensions = new EnumMap<>(HeaderExtension.class);
        boolean reports = feedback.values().stream().anyMatch(words -> words.contains("transport-cc"));
        for (String value : section.attributes("extmap")) {
            String idAndUse = Tokens.before(value, ' ');
            String uri = Tokens.before(Tokens.after(value, ' ').strip(), ' ');
            int id = (int) Tokens.numberOrNegative(Tokens.before(idAndUse, '/'), MAX_EXTENSION_ID);
            boolean reads = Direction.ofName(Tokens.after(idAndUse, '/'))
                    .orElse(Direction.SENDRECV)
                    .receives();
            HeaderExtension.ofUri(uri)
                    .filter(extension -> id > 0 && reads && WRITTEN.contains(extension))
                    .filter(extension -> reports || extension != HeaderExtension.TRANSPORT_SEQUENCE)
                    .ifPresent(extension -> extensions.putIfAbsent(extension, id));
        }
        return extensions;
    }

    /**
     * How the track would come in this section; empty: its codec is none of the client's.
     *
     * @param ssrc 32 bits, which nothing else on the transport has or has had
     * @param rtxSsrc alike, for repeats
     */
    public Optional<SubscriberAnswer.Section> take(PublishedTrack track, long ssrc, long rtxSsrc) {
        List<PayloadMapping> payloads = new ArrayList<>();
        for (CodecParameters sent : track.codecs()) {
            payloadType(sent)
                    .ifPresent(payloadType -> payloads.add(new PayloadMapping(
                            sent.payloadType(),
                            payloadType,
                            repairs.getOrDefault(payloadType, PayloadMapping.NO_RTX))));
        }
        boolean first = !payloads.isEmpty()
                && payloads.get(0).sourcePayloadType() == track.codecs().get(0).payloadType();
        if (track.kind() != kind || !takesFirst(track, first, payloads)) {
            return Optional.empty();
        }
        boolean repaired = payloads.stream().anyMatch(one -> one.rtxPayloadType() != PayloadMapping.NO_RTX);
        return Optional.of(new SubscriberAnswer.Section(
                mid,
                SubscriberAnswer.State.ACCEPTED,
                ssrc,
                repaired ? rtxSsrc : 0,
                track.streamId(),
                payloads,
                ExtensionIds.of(extensions)));
    }

    /** It sends its first codec; of sound that repeats itself, what it repeats is enough. */
    private static boolean takesFirst(PublishedTrack track, boolean first, List<PayloadMapping> payloads) {
        return first || (track.kind() == MediaKind.AUDIO && !payloads.isEmpty());
    }

    private Optional<Integer> payloadType(CodecParameters sent) {
        Optional<CodecProfile> profile = CodecProfile.of(sent.codec(), sent.fmtp());
        Optional<Integer> same = codecs.stream()
                .filter(codec -> profile.isPresent()
                        && CodecProfile.of(codec.codec(), codec.fmtp()).equals(profile))
                .map(CodecParameters::payloadType)
                .findFirst();
        return same.isPresent() ? same : profile.flatMap(this::decoderOfBaseline);
    }

    /** RFC 6184 §8.1: what is in the constrained baseline profile, decoders of all profiles take. */
    private Optional<Integer> decoderOfBaseline(CodecProfile sent) {
        int id = sent.fmtp().indexOf(CONSTRAINED_BASELINE);
        if (sent.codec() != Codec.H264 || id < 0) {
            return Optional.empty();
        }
        String withMode = sent.fmtp().substring(0, id);
        return codecs.stream()
                .filter(codec -> CodecProfile.of(codec.codec(), codec.fmtp())
                        .filter(profile -> profile.fmtp().startsWith(withMode) && profile.codec() == Codec.H264)
                        .isPresent())
                .map(CodecParameters::payloadType)
                .findFirst();
    }
}
