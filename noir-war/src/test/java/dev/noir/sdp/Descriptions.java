package dev.noir.sdp;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Recorded descriptions and parameters for the tests of this package. */
final class Descriptions {
    static final List<String> OFFERS = List.of(
            "chromium-all-codecs-offer",
            "chromium-av1-offer",
            "chromium-av1-simulcast-offer",
            "chromium-h264-offer",
            "chromium-simulcast-twccfix-offer",
            "chromium-to-firefox-offer",
            "chromium-vp8-basic-offer",
            "chromium-vp8-full-offer-0",
            "chromium-vp8-full-offer-1",
            "chromium-vp8-full-offer-2",
            "chromium-vp8-full-offer-3",
            "chromium-vp8-full-offer-4",
            "chromium-vp9-offer",
            "firefox-all-codecs-offer",
            "firefox-simulcast-offer",
            "firefox-simulcast-to-chromium-offer",
            "firefox-to-chromium-offer",
            "firefox-vp8-offer-0",
            "firefox-vp8-offer-1",
            "firefox-vp8-offer-2",
            "sdk-1.5.5-offer",
            "sdk-1.6.3-offer",
            "sdk-1.7.2-offer");

    static final List<String> ANSWERS = List.of(
            "chromium-av1-answer",
            "chromium-subscriber-answer",
            "chromium-vp8-basic-answer",
            "firefox-simulcast-answer",
            "firefox-subscriber-answer");

    private Descriptions() {}

    static String text(String name) {
        try (InputStream in = Descriptions.class.getResourceAsStream("/sdp/" + name + ".sdp")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\n", "\r\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SessionDescription parsed(String name) {
        return SessionDescription.parse(text(name));
    }

    static LocalParameters local() {
        return new LocalParameters(
                4711,
                new IceCredentials("noirufrg", "noirpasswordnoirpassword"),
                Fingerprint.ofSha256(new byte[32]),
                List.of(
                        IceCandidate.host(0, "192.0.2.1", 5000),
                        IceCandidate.host(1, "2001:db8::1", 5000),
                        IceCandidate.passive(0, "192.0.2.1", 5000),
                        IceCandidate.passive(1, "2001:db8::1", 5000)));
    }

    /** One that uses sections again as soon as it may. */
    static SubscriberSession subscriberSession() {
        return new SubscriberSession(new Random(7), 0);
    }

    static PublisherAnswer answer(String name) {
        return PublisherAnswer.create(parsed(name), local(), null);
    }

    /** A publisher's track with one codec. */
    static PublishedTrack track(String streamId, String trackId, Codec codec, int payloadType, String fmtp) {
        return new PublishedTrack(
                "1",
                codec.kind(),
                streamId,
                trackId,
                List.of(new CodecParameters(payloadType, codec, fmtp)),
                Map.of(),
                List.of(new Encoding("", 1)),
                ExtensionIds.NONE,
                true,
                true,
                true,
                true,
                true,
                false);
    }

    /** A well-formed answer of a browser that takes everything we offer. */
    static String acceptAll(SubscriberOffer offer) {
        return offer.text()
                .replace("a=setup:actpass", "a=setup:active")
                .replace("a=sendonly", "a=recvonly")
                .replace("a=ice-lite\r\n", "");
    }
}
