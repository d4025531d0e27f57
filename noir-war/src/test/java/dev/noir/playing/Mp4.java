package dev.noir.playing;

/** A file of MP4, put together by hand. */
final class Mp4 {
    static final String FTYP = box("ftyp", Webm.text("iso6"), "00000000", Webm.text("mp41"));
    static final String VP8 = picture("vp08", "");
    static final String OPUS = sound("Opus", box("dOps", "00" + "02" + "0138" + "0000bb80" + "0000" + "00"));

    private Mp4() {}

    static String box(String type, String... content) {
        String inside = String.join("", content).replace(" ", "");
        return "%08x".formatted(8 + inside.length() / 2) + Webm.text(type) + inside;
    }

    static String zeros(int octets) {
        return "00".repeat(octets);
    }

    static String word(long value) {
        return "%08x".formatted(value);
    }

    /** Of 640 x 360. */
    static String picture(String type, String more) {
        return box(type, zeros(6) + "0001" + zeros(16) + "02800168" + zeros(50), more);
    }

    static String sound(String type, String more) {
        return box(type, zeros(6) + "0001" + zeros(8) + "00020010" + zeros(4) + "bb800000", more);
    }

    /** @param tables behind the description of what samples are */
    static String track(int number, int scale, String edits, String entry, String... tables) {
        return box(
                "trak",
                box("tkhd", zeros(12) + word(number) + zeros(68)),
                edits,
                box(
                        "mdia",
                        box("mdhd", zeros(12) + word(scale) + zeros(8)),
                        box("minf", box("stbl", box("stsd", zeros(4) + word(1), entry), String.join("", tables)))));
    }

    static String movie(long milliseconds, String... more) {
        return box("moov", box("mvhd", zeros(12) + word(1000) + word(milliseconds) + zeros(80)), String.join("", more));
    }

    /** Numbers behind how many rows there are of them. */
    static String table(String type, int rows, long... numbers) {
        StringBuilder hex = new StringBuilder();
        for (long number : numbers) {
            hex.append(word(number));
        }
        return box(type, zeros(4) + word(rows) + hex);
    }

    static String defaults(int track, long duration, long size, String flags) {
        return box("mvex", box("trex", zeros(4) + word(track) + word(1) + word(duration) + word(size) + flags));
    }

    static String time(long units) {
        return box("tfdt", "01000000" + "%016x".formatted(units));
    }

    static byte[] bytes(String... parts) {
        return Webm.bytes(parts);
    }
}
