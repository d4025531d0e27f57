package dev.noir.sdp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionDescriptionTest {
    private static final String HEAD = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n";
    private static final String SECTION = "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n";

    static Stream<String> recorded() {
        return Stream.concat(Descriptions.OFFERS.stream(), Descriptions.ANSWERS.stream());
    }

    @ParameterizedTest
    @MethodSource("recorded")
    void printsWhatItParsed(String name) {
        assertEquals(Descriptions.text(name), Descriptions.parsed(name).print());
    }

    @Test
    void acceptsBareLineFeedsAndAMissingLastOne() {
        String crlf = Descriptions.text("firefox-simulcast-offer");
        assertEquals(
                crlf,
                SessionDescription.parse(crlf.replace("\r\n", "\n").stripTrailing())
                        .print());
    }

    @Test
    void keepsUnknownLines() {
        SessionDescription parsed =
                SessionDescription.parse(HEAD + "b=AS:7\r\na=future:1 2\r\n" + SECTION + "k=x\r\na=future-flag\r\n");

        assertEquals("1 2", parsed.attribute("future").orElseThrow());
        assertEquals("", parsed.media().get(0).attribute("future-flag").orElseThrow());
        assertEquals(List.of(), SessionDescription.all(parsed.lines(), "futu"));
        assertEquals('k', parsed.media().get(0).lines().get(0).type());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\r\n",
                "v=1\r\n",
                "hello",
                "{\"type\":\"offer\"}",
                "v=0\r\n",
                HEAD + "\r\n" + SECTION,
                HEAD + "A=upper\r\n",
                HEAD + "a\r\n",
                HEAD + "m=audio\r\n",
                HEAD + "m=audio 9 UDP/TLS/RTP/SAVPF\r\n",
                HEAD + "m=audio -1 UDP/TLS/RTP/SAVPF 111\r\n",
                HEAD + "m=audio 65536 UDP/TLS/RTP/SAVPF 111\r\n",
                HEAD + "m=audio 99999999999999999999 UDP/TLS/RTP/SAVPF 111\r\n",
                HEAD + "m=audio 9/2 UDP/TLS/RTP/SAVPF 111\r\n",
                HEAD + "a=nul:\u0000\r\n",
                HEAD + "a=cr:\rb=x\r\n"
            })
    void refusesMalformedText(String text) {
        assertThrows(SdpException.class, () -> SessionDescription.parse(text));
    }

    static Stream<String> bombs() {
        return Stream.of(
                HEAD + "a=" + "x".repeat(1 << 20),
                HEAD + "a=x\r\n".repeat(1_000_000),
                HEAD + "a=x\n".repeat(40_000),
                HEAD + "a=x\n".repeat(SdpParser.MAX_SESSION_LINES),
                HEAD + SECTION.repeat(100_000),
                HEAD + "m=a 9 b c\n".repeat(SdpParser.MAX_SECTIONS + 1),
                HEAD + SECTION + "a=x\n".repeat(SdpParser.MAX_SECTION_LINES + 1),
                HEAD + "a=x:" + "y".repeat(SdpParser.MAX_LINE_CHARS) + "\r\n",
                HEAD + "m=audio 9 UDP/TLS/RTP/SAVPF" + " 111".repeat(SdpParser.MAX_FORMATS + 1) + "\r\n",
                HEAD + (SECTION + "a=candidate:1 1 udp 1 192.0.2.1 9 typ host\r\n".repeat(300)).repeat(2));
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void refusesWhatIsTooLarge(String text) {
        assertThrows(SdpException.class, () -> SessionDescription.parse(text));
    }

    @Test
    void acceptsAsManySectionsAsItSays() {
        String text = HEAD + SECTION.repeat(SdpParser.MAX_SECTIONS);

        assertEquals(
                SdpParser.MAX_SECTIONS, SessionDescription.parse(text).media().size());
    }

    @Test
    void namesTheLineAndQuotesLittle() {
        SdpException error = assertThrows(
                SdpException.class, () -> SessionDescription.parse(HEAD + "m=audio " + "z".repeat(5000) + " a b\r\n"));

        assertTrue(error.getMessage().contains("port of m-line 0"), error.getMessage());
        assertTrue(error.getMessage().length() < 120, error.getMessage());
    }
}
