package dev.noir.restreaming;

import dev.noir.access.Names;
import dev.noir.recording.MediaFormat;
import dev.noir.recording.Part;
import dev.noir.sdp.Codec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A server of RTMP. Thread: any.
 *
 * @param program of FFmpeg
 * @param transcode also what is not H264, as H264
 */
record RtmpDestination(String program, RtmpTarget target, boolean transcode, TargetRules rules, Names names)
        implements Destination {
    @Override
    public List<String> command(List<Part.Slot> slots) throws IOException {
        String address = rules.find(target.host(), names);
        List<String> command = new ArrayList<>(FfmpegArguments.input(program));
        for (Part.Slot slot : slots) {
            command.addAll(slot.format().isVideo() ? video(slot.format()) : FfmpegArguments.AUDIO);
        }
        command.addAll(List.of("-flvflags", "no_duration_filesize"));
        command.addAll(List.of("-protocol_whitelist", target.isEncrypted() ? "rtmps,tls,tcp" : "rtmp,tcp"));
        // The address that was looked at, not one that the name may have a moment later. TLS needs the name; whoever
        // takes it has to speak TLS and RTMP.
        command.addAll(List.of("-rtmp_tcurl", target.application()));
        command.addAll(List.of("-f", "flv", target.url(target.isEncrypted() ? target.host() : address)));
        return command;
    }

    private List<String> video(MediaFormat format) throws RefusedException {
        if (format.codec() == Codec.H264) {
            return FfmpegArguments.COPIED_VIDEO;
        }
        if (transcode) {
            return FfmpegArguments.TRANSCODED_VIDEO;
        }
        throw new RefusedException("RTMP takes H264, and this is " + format.name()
                + ": let it be published as H264, or start the job with transcode");
    }

    @Override
    public String masked(String text) {
        return target.masked(text);
    }
}
