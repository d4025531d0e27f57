package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged descriptions end in an answer or an {@link SdpException}; anything else fails these tests. */
class MutationTest {
    private static final int ROUNDS = 100;
    private static final List<String> NASTY = List.of(
            "",
            " ",
            ":",
            ";",
            "/",
            "-1",
            "0",
            "65536",
            "4294967296",
            "99999999999999999999",
            "~",
            ",",
            "\u0000",
            "ü",
            "*",
            "sendonly",
            "BUNDLE",
            "FID",
            "a=",
            "m=video 9 UDP/TLS/RTP/SAVPF 96",
            "a=mid:0",
            "a=group:BUNDLE 0 0 0");

    private final Random random = new Random(20261122);

    @Test
    void damagedOffersNeverBreakTheAnswer() {
        int refused = 0;
        for (String name : Descriptions.OFFERS) {
            PublisherAnswer previous = Descriptions.answer(name);
            for (int i = 0; i < ROUNDS; i++) {
                String text = damage(Descriptions.text(name));
                refused += isRefused(() -> answerAndForward(text, previous)) ? 1 : 0;
            }
        }
        assertMixed(refused, ROUNDS * Descriptions.OFFERS.size());
    }

    /** Whatever was accepted must print as something that parses, towards the publisher and towards a subscriber. */
    private static void answerAndForward(String text, PublisherAnswer previous) {
        PublisherAnswer answer = PublisherAnswer.create(SessionDescription.parse(text), Descriptions.local(), previous);
        SubscriberSession session = Descriptions.subscriberSession();
        answer.tracks().forEach(session::addTrack);
        String offer = session.offer(Descriptions.local()).text();
        assertEquals(answer.text(), SessionDescription.parse(answer.text()).print());
        assertEquals(offer, SessionDescription.parse(offer).print());
    }

    @Test
    void damagedAnswersNeverBreakTheSession() {
        SubscriberSession session = Descriptions.subscriberSession();
        Descriptions.answer("chromium-all-codecs-offer").tracks().forEach(session::addTrack);
        Descriptions.answer("firefox-simulcast-offer").tracks().forEach(session::addTrack);
        SubscriberOffer offer = session.offer(Descriptions.local());
        int refused = 0;
        for (int i = 0; i < ROUNDS * 10; i++) {
            String text = damage(Descriptions.acceptAll(offer));
            refused += isRefused(() -> session.apply(offer, SubscriberAnswer.parse(offer, text))) ? 1 : 0;
        }
        assertMixed(refused, ROUNDS * 10);
        assertEquals(4, session.offer(Descriptions.local()).sections().size());
    }

    @Test
    void damagedCandidatesAreRefused() {
        String candidate = "candidate:0 1 UDP 2122187007 127.0.0.1 35295 typ host generation 0 ufrag pOXY";
        int refused = 0;
        for (int i = 0; i < ROUNDS * 10; i++) {
            String text = damageText(candidate);
            refused += isRefused(() -> IceCandidate.parse(text)) ? 1 : 0;
        }
        assertMixed(refused, ROUNDS * 10);
    }

    private static boolean isRefused(Runnable action) {
        try {
            action.run();
            return false;
        } catch (SdpException e) {
            assertTrue(e.getMessage().length() < 160, e.getMessage());
            return true;
        }
    }

    /** The damage is neither so small nor so great that it would prove nothing. */
    private static void assertMixed(int refused, int total) {
        assertTrue(refused > total / 20 && refused < total - total / 20, refused + " of " + total);
    }

    private String damage(String text) {
        String damaged = text;
        for (int i = 1 + random.nextInt(4); i > 0; i--) {
            damaged = random.nextBoolean() ? damageText(damaged) : damageLines(damaged);
        }
        return damaged;
    }

    /** Changes, drops or inserts a piece anywhere. */
    private String damageText(String text) {
        if (text.isEmpty()) {
            return "x";
        }
        int start = random.nextInt(text.length());
        int end = Math.min(text.length(), start + random.nextInt(8));
        String piece =
                switch (random.nextInt(3)) {
                    case 0 -> NASTY.get(random.nextInt(NASTY.size()));
                    case 1 -> Character.toString(random.nextInt(256));
                    default -> "";
                };
        return text.substring(0, start) + piece + text.substring(end);
    }

    /** Drops, doubles, swaps or replaces a line, or changes a field of it. */
    private String damageLines(String text) {
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\r\n", -1)));
        int index = random.nextInt(lines.size());
        String nasty = NASTY.get(random.nextInt(NASTY.size()));
        switch (random.nextInt(5)) {
            case 0 -> lines.remove(index);
            case 1 -> lines.add(index, lines.get(index));
            case 2 -> Collections.swap(lines, index, random.nextInt(lines.size()));
            case 3 -> lines.set(index, nasty);
            default -> {
                String[] fields = lines.get(index).split("[ :]", -1);
                fields[random.nextInt(fields.length)] = nasty;
                lines.set(index, String.join(random.nextBoolean() ? " " : ":", fields));
            }
        }
        return String.join("\r\n", lines);
    }
}
