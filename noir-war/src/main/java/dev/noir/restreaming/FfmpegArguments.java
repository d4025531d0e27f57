package dev.noir.restreaming;

import java.util.List;

/** What FFmpeg is told, whatever is done with it. */
final class FfmpegArguments {
    static final List<String> COPIED_VIDEO = List.of("-c:v", "copy");

    /** As the original did, with a key frame every 2 s. */
    static final List<String> TRANSCODED_VIDEO = List.of(
            "-c:v",
            "libx264",
            "-preset",
            "veryfast",
            "-tune",
            "zerolatency",
            "-pix_fmt",
            "yuv420p",
            "-maxrate",
            "3000k",
            "-bufsize",
            "6000k",
            "-force_key_frames",
            "expr:gte(t,n_forced*2)");

    /** Where sound is missing there is silence, or players wait for it. */
    static final List<String> AUDIO =
            List.of("-c:a", "aac", "-b:a", "128k", "-ar", "48000", "-ac", "2", "-af", "aresample=async=1:first_pts=0");

    private FfmpegArguments() {}

    /** The program, which reads Matroska from its standard input, and nothing else. */
    static List<String> input(String program) {
        return List.of(
                program,
                "-nostdin",
                "-hide_banner",
                "-loglevel",
                "error",
                "-protocol_whitelist",
                "pipe",
                "-analyzeduration",
                "500000", // µs: what the tracks are stands in their headers.
                "-f",
                "matroska",
                "-i",
                "pipe:0",
                "-map",
                "0",
                "-max_interleave_delta",
                "1000000"); // µs: pictures do not wait longer for sound that does not come.
    }
}
