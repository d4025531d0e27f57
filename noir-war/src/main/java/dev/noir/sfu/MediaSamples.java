package dev.noir.sfu;

import dev.noir.media.TransportExplanation;
import dev.noir.media.TransportExplanation.Bandwidth;
import dev.noir.media.TransportExplanation.Encoding;
import dev.noir.media.TransportExplanation.Limit;
import dev.noir.media.TransportExplanation.Path;
import dev.noir.media.TransportExplanation.Received;
import dev.noir.media.TransportExplanation.Sent;
import dev.noir.room.MediaSample;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** What is worth remembering of what a loop says of a transport: often, so there are no streams here. Thread: loop. */
final class MediaSamples {
    private MediaSamples() {}

    static MediaSample of(TransportExplanation said) {
        return new MediaSample(
                MediaParams.state(said.state()),
                said.path().map(MediaSamples::path),
                said.bandwidth().map(MediaSamples::line),
                received(said.received()),
                sent(said.sent()));
    }

    private static List<MediaSample.Received> received(List<Received> said) {
        List<MediaSample.Received> tracks = new ArrayList<>(said.size());
        for (Received track : said) {
            tracks.add(received(track));
        }
        return tracks;
    }

    private static List<MediaSample.Sent> sent(List<Sent> said) {
        List<MediaSample.Sent> tracks = new ArrayList<>(said.size());
        for (Sent track : said) {
            tracks.add(sent(track));
        }
        return tracks;
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
                track.report().isPresent() ? track.report().get().fractionLost() * 1000 / 256 : MediaSample.UNKNOWN,
                track.report().isPresent()
                        ? OptionalLong.of(track.report().get().lost())
                        : OptionalLong.empty(),
                track.keyframeRequests(),
                known(track.roundTripMicros()),
                MediaExplanations.layers(track));
    }
}
