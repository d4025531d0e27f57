package dev.noir.sdp;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What we can use of one audio or video section of a publisher's offer. */
final class OfferedTrack {
    private static final int MAX_CODECS = 16;
    private static final int MAX_RIDS = 4;
    private static final int MAX_RID_CHARS = 16;
    private static final int MAX_PAYLOAD_TYPE = 127;
    private static final long MAX_SSRC = 0xFFFF_FFFFL;
    private static final int MAX_EXTENSION_ID = 255;

    private static final String RTX = "rtx/90000";

    /** RFC 8285 §4.2: reserved in one-byte headers. */
    private static final int RESERVED_EXTENSION_ID = 15;

    /** ion's rids, lowest quality first. */
    private static final List<String> ION_RIDS = List.of("q", "h", "f");

    private static final Pattern SCREEN_STREAM = Pattern.compile("s\\.[^.]+\\.[^.]+");

    // Given.
    private final MediaDescription section;
    private final MediaKind kind;

    // State.
    private final Direction direction;
    private final List<CodecParameters> codecs;
    private final Map<Integer, Set<String>> feedback = new HashMap<>();
    private final Map<HeaderExtension, OfferedExtension> extensions = new EnumMap<>(HeaderExtension.class);

    /** @param direction as offered, that is what the client does with the extension */
    record OfferedExtension(int id, Direction direction) {}

    /** @param brief see {@link PublisherOffer#read} */
    OfferedTrack(SessionDescription offer, MediaDescription section, MediaKind kind, boolean brief) {
        this.section = section;
        this.kind = kind;
        this.direction = Direction.of(offer, section);
        this.codecs = brief ? firstOfEach(readCodecs()) : readCodecs();
        readFeedback();
        readExtensions();
    }

    MediaKind kind() {
        return kind;
    }

    Direction direction() {
        return direction;
    }

    List<CodecParameters> codecs() {
        return codecs;
    }

    Map<HeaderExtension, OfferedExtension> extensions() {
        return extensions;
    }

    /** The feedback offered for one payload type that we give too, in the order we print it. */
    List<String> feedback(int payloadType, boolean transportCc) {
        Set<String> offered = feedback.getOrDefault(payloadType, Set.of());
        List<String> accepted = new ArrayList<>();
        for (String type : List.of("transport-cc", "ccm fir", "nack", "nack pli")) {
            // Without the extension there is nothing to report about; goog-remb is never sent, so never accepted.
            if (offered.contains(type) && (transportCc || !type.equals("transport-cc"))) {
                accepted.add(type);
            }
        }
        return accepted;
    }

    private List<CodecParameters> readCodecs() {
        Map<String, String> rtpmaps = section.attributesByFormat("rtpmap");
        Map<String, String> fmtps = section.attributesByFormat("fmtp");
        List<CodecParameters> found = new ArrayList<>();
        Set<Integer> seen = new HashSet<>();
        for (String format : section.formats()) {
            long payloadType = Tokens.numberOrNegative(format, MAX_PAYLOAD_TYPE);
            String fmtp = fmtps.getOrDefault(format, "");
            Optional<Codec> codec = Codec.ofRtpmap(kind, rtpmaps.getOrDefault(format, ""));
            boolean known = codec.flatMap(c -> CodecProfile.of(c, fmtp)).isPresent();
            if (payloadType >= 0 && known && found.size() < MAX_CODECS && seen.add((int) payloadType)) {
                found.add(new CodecParameters((int) payloadType, codec.orElseThrow(), fmtp));
            }
        }
        found.removeIf(codec -> codec.codec() == Codec.RED && !repeatsOpus(codec.fmtp(), found));
        return H264Preference.applied(found);
    }

    private static List<CodecParameters> firstOfEach(List<CodecParameters> codecs) {
        Set<Codec> seen = EnumSet.noneOf(Codec.class);
        return codecs.stream().filter(codec -> seen.add(codec.codec())).toList();
    }

    /** RFC 2198 §4: {@code 111/111}, the payload types of its blocks. */
    private static boolean repeatsOpus(String fmtp, List<CodecParameters> codecs) {
        List<String> blocks = Tokens.split(fmtp, '/', 64, "a=fmtp");
        return codecs.stream()
                .filter(codec -> codec.codec() == Codec.OPUS)
                .map(codec -> Integer.toString(codec.payloadType()))
                .anyMatch(opus -> !blocks.isEmpty() && blocks.stream().allMatch(opus::equals));
    }

    private void readFeedback() {
        for (String value : section.attributes("rtcp-fb")) {
            String type = Tokens.after(value, ' ').strip().toLowerCase(Locale.ROOT);
            String format = Tokens.before(value, ' ');
            // Firefox writes lines for payload types that are not in the m-line: nobody will ask for them.
            for (CodecParameters codec : codecs) {
                if (format.equals("*") || format.equals(Integer.toString(codec.payloadType()))) {
                    feedback.computeIfAbsent(codec.payloadType(), key -> new HashSet<>())
                            .add(type);
                }
            }
        }
    }

    private void readExtensions() {
        boolean hasAv1 = codecs.stream().anyMatch(codec -> codec.codec() == Codec.AV1);
        for (String value : section.attributes("extmap")) {
            List<String> fields = Tokens.split(value, ' ', 64, "a=extmap");
            if (fields.size() < 2) {
                throw new SdpException("a=extmap has too few fields");
            }
            String idField = Tokens.before(fields.get(0), '/');
            long id = Tokens.numberOrNegative(idField, MAX_EXTENSION_ID);
            Direction use = Direction.ofName(Tokens.after(fields.get(0), '/')).orElse(Direction.SENDRECV);
            Optional<HeaderExtension> extension = HeaderExtension.ofUri(fields.get(1));
            // Only what the client sends is of use; Firefox marks others with /recvonly.
            if (id > 0
                    && id != RESERVED_EXTENSION_ID
                    && use.sends()
                    && extension.isPresent()
                    && isWanted(extension.get(), hasAv1)) {
                extensions.putIfAbsent(extension.get(), new OfferedExtension((int) id, use));
            }
        }
    }

    private boolean isWanted(HeaderExtension extension, boolean hasAv1) {
        return switch (extension) {
            // Chromium would describe VP8 with it too, and receivers would then believe it rather than the payload
            // descriptor that we rewrite.
            case DEPENDENCY_DESCRIPTOR -> hasAv1;
            case REPAIRED_RID -> hasRtx();
            case PLAYOUT_DELAY, LAYERS_ALLOCATION -> kind == MediaKind.VIDEO;
            case MID, RID, AUDIO_LEVEL, TRANSPORT_SEQUENCE, ABS_SEND_TIME, VIDEO_ORIENTATION, CAPTURE_TIME -> true;
        };
    }

    private boolean hasRtx() {
        return section.attributesByFormat("rtpmap").values().stream().anyMatch(RTX::equalsIgnoreCase);
    }

    /**
     * The rids to accept, in the order of the offer; empty when the section is not simulcast or could not be told apart
     * (a rid travels only in its header extension). RFC 8853 §5.1: {@code send f;h,h2;~q}, where a comma separates
     * alternatives and a tilde marks a paused encoding.
     */
    List<String> rids(boolean ridNegotiated) {
        if (!ridNegotiated || kind == MediaKind.AUDIO) {
            return List.of();
        }
        Set<String> declared = new LinkedHashSet<>();
        for (String rid : section.attributes("rid")) {
            List<String> fields = Tokens.split(rid, ' ', 64, "a=rid");
            if (fields.size() >= 2 && fields.get(1).equals("send")) {
                declared.add(fields.get(0));
            }
        }
        List<String> accepted = new ArrayList<>();
        for (String rid : simulcastSend()) {
            boolean valid = Tokens.isToken(rid) && rid.length() <= MAX_RID_CHARS && declared.contains(rid);
            if (valid && accepted.size() < MAX_RIDS && !accepted.contains(rid)) {
                accepted.add(rid);
            }
        }
        return accepted;
    }

    private List<String> simulcastSend() {
        List<String> fields = Tokens.split(section.attribute("simulcast").orElse(""), ' ', 64, "a=simulcast");
        int send = fields.indexOf("send");
        List<String> rids = new ArrayList<>();
        if (send >= 0 && send + 1 < fields.size()) {
            for (String alternatives : Tokens.split(fields.get(send + 1), ';', 64, "a=simulcast")) {
                String rid = Tokens.before(alternatives, ',');
                rids.add(rid.startsWith("~") ? rid.substring(1) : rid);
            }
        }
        return rids;
    }

    /**
     * Lowest quality first, as the media plane wants them: in the order of {@code sendEncodings}, whose defaults go from small
     * to large (webrtc-pc §5.2, {@code scaleResolutionDownBy}). Not ion's: its SDK begins with "f".
     */
    List<Encoding> encodings(List<String> rids) {
        if (rids.isEmpty()) {
            List<Encoding> grouped = simulcastGroup();
            return grouped.isEmpty() ? List.of(declared(ssrc())) : grouped;
        }
        List<String> ordered = new ArrayList<>(rids);
        if (ION_RIDS.containsAll(ordered)) {
            ordered.sort(Comparator.comparing(ION_RIDS::indexOf));
        }
        // The a=ssrc lines that Firefox adds are in no stated relation to the rids.
        return ordered.stream().map(rid -> new Encoding(rid, 0)).toList();
    }

    /** RFC 5576 §4.2 and what Chromium's "SIM" makes of it: simulcast without rids, lowest quality first; else empty. */
    private List<Encoding> simulcastGroup() {
        List<Encoding> encodings = new ArrayList<>();
        for (String group : section.attributes("ssrc-group")) {
            List<String> fields = Tokens.split(group, ' ', 64, "a=ssrc-group");
            if (kind == MediaKind.VIDEO && encodings.isEmpty() && fields.indexOf("SIM") == 0) {
                fields.stream()
                        .skip(1)
                        .map(field -> Tokens.numberOrNegative(field, MAX_SSRC))
                        .filter(ssrc -> ssrc > 0)
                        .distinct()
                        .limit(MAX_RIDS)
                        .forEach(ssrc -> encodings.add(declared(ssrc)));
            }
        }
        return encodings;
    }

    /** The media SSRC, 0 = not declared. */
    private long ssrc() {
        Map<Long, Long> repairs = repairSsrcs();
        if (!repairs.isEmpty()) {
            return repairs.keySet().iterator().next();
        }
        String first = section.attribute("ssrc").orElse("");
        return Math.max(0, Tokens.numberOrNegative(Tokens.before(first, ' '), MAX_SSRC));
    }

    private Encoding declared(long ssrc) {
        return new Encoding("", ssrc, repairSsrcs().getOrDefault(ssrc, 0L));
    }

    /** RFC 5576 §4.2: media SSRCs, each with that of its RTX, which Firefox declares even where it offers none. */
    private Map<Long, Long> repairSsrcs() {
        Map<Long, Long> repairs = new LinkedHashMap<>();
        for (String group : section.attributes("ssrc-group")) {
            List<String> fields = Tokens.split(group, ' ', 64, "a=ssrc-group");
            if (fields.size() > 1 && fields.get(0).equals("FID")) {
                long media = Math.max(0, Tokens.numberOrNegative(fields.get(1), MAX_SSRC));
                long rtx = fields.size() > 2 ? Tokens.numberOrNegative(fields.get(2), MAX_SSRC) : 0;
                repairs.putIfAbsent(media, Math.max(0, rtx));
            }
        }
        return repairs;
    }

    /**
     * Payload types, each with that of its RTX (RFC 4588 §8.1), for those that are repaired when asked. Empty where it could not be
     * told which encoding is repaired.
     *
     * @param encodings as {@link #encodings} gives them
     * @param repairedRid the extension is negotiated that says so of encodings with rids (RFC 8852 §3.2)
     */
    Map<Integer, Integer> repairs(List<Encoding> encodings, boolean repairedRid) {
        boolean rids = !encodings.get(0).rid().isEmpty();
        boolean known =
                rids ? repairedRid : encodings.size() == 1 || encodings.stream().allMatch(e -> e.rtxSsrc() != 0);
        Map<Integer, Integer> repairs = new LinkedHashMap<>();
        if (kind == MediaKind.AUDIO || !known) {
            return repairs;
        }
        Map<String, String> rtpmaps = section.attributesByFormat("rtpmap");
        Map<String, String> fmtps = section.attributesByFormat("fmtp");
        for (String format : section.formats()) {
            int rtx = (int) Tokens.numberOrNegative(format, MAX_PAYLOAD_TYPE);
            if (rtx > 0 && RTX.equalsIgnoreCase(rtpmaps.getOrDefault(format, ""))) {
                int repaired = associated(fmtps.getOrDefault(format, ""));
                if (feedback(repaired, false).contains("nack") && !repairs.containsValue(rtx)) {
                    repairs.putIfAbsent(repaired, rtx);
                }
            }
        }
        return repairs;
    }

    /** The payload type in {@code apt=96;rtx-time=3000}, -1 = none. */
    private static int associated(String fmtp) {
        for (String parameter : Tokens.split(fmtp, ';', 64, "a=fmtp")) {
            if (Tokens.before(parameter, '=').strip().equalsIgnoreCase("apt")) {
                return (int)
                        Tokens.numberOrNegative(Tokens.after(parameter, '=').strip(), MAX_PAYLOAD_TYPE);
            }
        }
        return -1;
    }

    /** RFC 4796 §5, and the stream ids by which our pages tell what a stream shows. */
    boolean isScreen() {
        if (kind != MediaKind.VIDEO) {
            return false;
        }
        List<String> contents = Tokens.split(section.attribute("content").orElse(""), ',', 16, "a=content");
        String streamId = streamAndTrack("").get(0);
        return contents.contains("slides") || SCREEN_STREAM.matcher(streamId).matches();
    }

    /** The first stream and track of a=msid (RFC 8830); {@code fallback} stands in for what is missing. */
    List<String> streamAndTrack(String fallback) {
        List<String> ids = Tokens.split(section.attribute("msid").orElseGet(this::msidOfSource), ' ', 2, "a=msid");
        String stream = !ids.isEmpty() && !ids.get(0).equals(PublishedTrack.NO_STREAM) ? ids.get(0) : fallback;
        String track = ids.size() > 1 ? ids.get(1) : fallback + "-" + section.mid();
        return List.of(stream, track);
    }

    /** Where clients wrote it before there was a=msid; empty when they did not. */
    private String msidOfSource() {
        for (String source : section.attributes("ssrc")) {
            String attribute = Tokens.after(source, ' ').strip();
            if (attribute.startsWith("msid:")) {
                return Tokens.after(attribute, ':');
            }
        }
        return "";
    }
}
