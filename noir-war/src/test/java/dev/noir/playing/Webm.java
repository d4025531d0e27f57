package dev.noir.playing;

/** A file of Matroska, put together by hand. */
final class Webm {
    static final String OPUS_ENTRY = entry(2, "A_OPUS", "");
    static final String VP8_ENTRY = entry(1, "V_VP8", element("e0", element("b0", "0280") + element("ba", "0168")));

    private Webm() {}

    /** An element with a size of one byte, two or eight, as it needs. */
    static String element(String id, String content) {
        String hex = content.replace(" ", "");
        int size = hex.length() / 2;
        String length = size < 0x7F ? "%02x".formatted(0x80 | size) : "%04x".formatted(0x4000 | size);
        return id + (size < 0x3FFF ? length : "01%014x".formatted(size)) + hex;
    }

    static String unknown(String id, String content) {
        return id + "01ffffffffffffff" + content;
    }

    static String text(String text) {
        StringBuilder hex = new StringBuilder();
        text.chars().forEach(c -> hex.append("%02x".formatted(c)));
        return hex.toString();
    }

    static String head() {
        return element("1a45dfa3", element("4282", text("webm")));
    }

    static String entry(int number, String codec, String more) {
        return element("ae", element("d7", "%02x".formatted(number)) + element("86", text(codec)) + more);
    }

    static String tracks(String... entries) {
        return element("1654ae6b", String.join("", entries));
    }

    static String time(long ticks) {
        return element("e7", "%08x".formatted(ticks));
    }

    /** @param flags 80: key; 02, 04, 06: laced */
    static String block(int track, int ticks, int flags, String content) {
        return element("a3", "%02x%04x%02x".formatted(0x80 | track, ticks & 0xFFFF, flags) + content);
    }

    static String cluster(long ticks, String... blocks) {
        return element("1f43b675", time(ticks) + String.join("", blocks));
    }

    static byte[] file(String... inSegment) {
        return bytes(head(), unknown("18538067", String.join("", inSegment)));
    }

    static byte[] bytes(String... hex) {
        return new Bytes().hex(String.join("", hex)).toBytes();
    }
}
