package dev.noir.sfu;

import dev.noir.media.TransportExplanation;
import dev.noir.media.TransportExplanation.Bandwidth;
import dev.noir.media.TransportExplanation.Encoding;
import dev.noir.media.TransportExplanation.Limit;
import dev.noir.media.TransportExplanation.Path;
import dev.noir.media.TransportExplanation.Received;
import dev.noir.media.TransportExplanation.Sent;
import dev.noir.room.MediaSample;
import java.util.OptionalLong;

/** What is worth remembering of what a loop says of a transport. Thread: loop. */
final class MediaSamples {
    private MediaSamples() {}

    static MediaSample of(TransportExplanation said) {
        return new MediaSample(
                MediaParams.state(said.state()),
                said.path().map(MediaSamples::path),
                said.bandwidth().map(MediaSamples::line),
                said.received().stream().map(MediaSamples::received).toList(),
                said.sent().stream().map(MediaSamples::sent).toList());
    }

    private static long known(long roundTripMicros) {
        return roundTripMicros > 0 ? roundTripMicros : MediaSample.UNKNOWN;
    }

    private static MediaSample.Path path(Path path) {
        return new MediaSample.Path(path.tcp(), known(path.roundTripMicros()));
    }

    private static MediaSample.Line line(Bandwidth bandwidth) {
        return new MediaSample.Line(
                bandwidth.estimate(),
                bandwidth.lossPermille(),
                known(bandwidth.roundTripMicros()),
                bandwidth.limit() == Limit.LOSS);
    }

    private static MediaSample.Received received(Received track) {
        long packets = 0;
        long lost = 0;
        long bitrate = 0;
        for (Encoding encoding : track.encodings()) {
            packets += encoding.packets();
            lost += encoding.lost();
            bitrate += encoding.bitrate();
        }
        return new MediaSample.Received(track.mid(), packets, lost, bitrate);
    }

    private static MediaSample.Sent sent(Sent track) {
        return new MediaSample.Sent(
                track.mid(),
                track.packets(),
                track.octets(),
                track.report().map(report -> report.fractionLost() * 1000 / 256).orElse(MediaSample.UNKNOWN),
                track.report().map(report -> OptionalLong.of(report.lost())).orElseGet(OptionalLong::empty),
                track.keyframeRequests(),
                known(track.roundTripMicros()),
                MediaExplanations.layers(track));
    }
}
