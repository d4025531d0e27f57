package dev.noir.recording;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.noir.sdp.Codec;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ContainerTest {
    private static final MediaFormat OPUS = new MediaFormat(Codec.OPUS, 0, 0, new byte[0]);

    private static MediaFormat video(Codec codec) {
        return new MediaFormat(codec, 640, 360, codec == Codec.VP8 ? new byte[0] : new byte[8]);
    }

    private static String ending(boolean mp4, MediaFormat... tracks) {
        return Container.of(List.of(tracks), mp4).ending();
    }

    @Test
    void withoutMp4ItIsWebmOrMatroskaWithH264() {
        assertEquals(".webm", ending(false, OPUS));
        assertEquals(".webm", ending(false, OPUS, video(Codec.VP8)));
        assertEquals(".webm", ending(false, video(Codec.VP9)));
        assertEquals(".webm", ending(false, video(Codec.AV1)));
        assertEquals(".mkv", ending(false, OPUS, video(Codec.H264)));
    }

    @Test
    void mp4IsForWhatPlayersExpectInIt() {
        assertEquals(".mp4", ending(true, OPUS));
        assertEquals(".mp4", ending(true, OPUS, video(Codec.H264)));
        assertEquals(".mp4", ending(true, video(Codec.VP9)));
        assertEquals(".mp4", ending(true, video(Codec.AV1)));
        assertEquals(".webm", ending(true, OPUS, video(Codec.VP8)));
    }

    @Test
    void whatSaysNothingOfItsDecoderIsNotForMp4() {
        assertEquals(".mkv", ending(true, new MediaFormat(Codec.H264, 640, 360, new byte[0])));
    }
}
