package dev.noir.restreaming;

import dev.noir.recording.MediaFormat;
import dev.noir.recording.Part;
import dev.noir.sdp.Codec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Segments in a folder, for players. Thread: any.
 *
 * @param program of FFmpeg
 * @param transcode also what browsers do not play in fragmented MP4, as H264
 */
record HlsDestination(String program, HlsFolder folder, boolean transcode) implements Destination {
    @Override
    public List<String> command(List<Part.Slot> slots) throws IOException {
        List<String> command = new ArrayList<>(FfmpegArguments.input(program));
        for (Part.Slot slot : slots) {
            command.addAll(slot.format().isVideo() ? video(slot.format()) : FfmpegArguments.AUDIO);
        }
        Path run = folder.begin().toAbsolutePath();
        command.addAll(List.of("-f", "hls", "-protocol_whitelist", "file"));
        // A segment ends with the first key frame after a second, and one is asked for every two.
        command.addAll(List.of("-hls_time", "1", "-hls_list_size", Integer.toString(HlsPlaylist.WINDOW)));
        command.addAll(List.of("-hls_delete_threshold", "3", "-hls_segment_type", "fmp4"));
        command.addAll(List.of("-hls_flags", "delete_segments+independent_segments+program_date_time+temp_file"));
        command.addAll(List.of("-hls_fmp4_init_filename", HlsPlaylist.HEAD));
        command.addAll(List.of("-hls_segment_filename", run.resolve("%d.m4s").toString()));
        command.add(run.resolve(HlsFolder.PLAYLIST).toString());
        return command;
    }

    private List<String> video(MediaFormat format) throws RefusedException {
        if (format.codec() != Codec.VP8) {
            return FfmpegArguments.COPIED_VIDEO;
        }
        if (transcode) {
            return FfmpegArguments.TRANSCODED_VIDEO;
        }
        throw new RefusedException("fragmented MP4 takes H264, VP9 and AV1, and this is " + format.name()
                + ": let it be published as one of them, or start the job with transcode");
    }

    @Override
    public String masked(String text) {
        return text;
    }
}
