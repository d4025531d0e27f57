package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PolicyParserTest {
    private static final RoomPolicy SETTINGS = EntranceTableTest.SETTINGS;

    @ParameterizedTest(name = "{0} {2} {1}")
    @CsvSource({
        "board-*,board-7,true",
        "board-*,board-,true",
        "board-*,board,false",
        "board-*,my-board-7,false",
        "*,anything at all,true",
        "*-board,the-board,true",
        "*-board,the-board-,false",
        "a*b*c,aXbYbZc,true",
        "a*b*c,abcd,false",
        "room-?,room-1,true",
        "room-?,room-12,false",
        "Room,room,false",
        "room.1,roomx1,false",
        "[x],[x],true"
    })
    void matchesNames(String pattern, String room, boolean matches) {
        assertEquals(matches, new Glob(pattern).matches(room));
    }

    @Test
    void aPatternThatIsAllAsterisksTakesNoTime() {
        assertFalse(new Glob("*a".repeat(60) + "b").matches("a".repeat(128)));
    }

    @Test
    void theFirstRuleThatMatchesCounts() throws PolicySyntaxException {
        Policies policies =
                parse("[board-9]\nmax-peers=9\n\n# others\n [ board-* ] \nmax-peers = 5\n[*]\nmax-peers = 7");

        assertEquals(9, policies.of("board-9").maxPeers());
        assertEquals(5, policies.of("board-8").maxPeers());
        assertEquals(7, policies.of("sales").maxPeers());
    }

    @Test
    void whatASectionDoesNotSayIsAsTheSettingsSay() throws PolicySyntaxException {
        RoomPolicy board = parse("[board-*]\nlobby = yes").of("board-1");

        assertEquals(SETTINGS.roles(), board.roles());
        assertEquals(SETTINGS.creators(), board.creators());
        assertTrue(board.lobby());
    }

    @Test
    void namesTheRolesItAsksAbout() throws PolicySyntaxException {
        assertEquals(
                Set.of("noir-moderator", "noir-admin", "board", "chair", "owner"),
                parse("[a]\njoin = board, chair\n[b]\ncreate = owner\npublish = **")
                        .roleNames());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            value = {
                "join = board|line 1: a key before the first [pattern of rooms]",
                "[a];nonsense|line 2: neither [a pattern of rooms] nor key = value",
                "[a];= board|line 2: neither [a pattern of rooms] nor key = value",
                "[a];# fine;;joins = board|line 4: joins is no key of a policy",
                "[a];administer = board|line 2: administer is no key of a policy",
                "[a];join = x;join = y|line 3: join stands twice in this section",
                "[a];join = ***|line 2: join has an asterisk in a role's name; * is everybody, ** who is logged in",
                "[a];lobby = on|line 2: lobby is neither yes nor no",
                "[a];max-peers = 0|line 2: max-peers is not a whole number from 1 to 10000",
                "[a];max-peers = many|line 2: max-peers is not a whole number from 1 to 10000",
                "[a];anonymous = listen|line 2: anonymous has 'listen', which is none of join, publish, publish.audio,"
                        + " publish.video, publish.screen, publish.data, subscribe, moderate",
                "[a];anonymous = administer|line 2: anonymous has 'administer', which is none of join, publish, publish.audio,"
                        + " publish.video, publish.screen, publish.data, subscribe, moderate",
                "[a];join-password = secret|line 2: join-password is not the hash of a password (pbkdf2$sha512$…);"
                        + " java -jar noir.war password makes one",
                "[a];publish-password = pbkdf2$sha512$9999999$AAAA$AAAA|line 2: publish-password has not 210000 to 2000000"
                        + " iterations",
                "[a|line 1: a section is [pattern of rooms], as in [board-*]",
                "[]|line 1: a section is [pattern of rooms], as in [board-*]"
            })
    void namesTheLineAndTheReason(String file, String message) {
        PolicySyntaxException e = assertThrows(PolicySyntaxException.class, () -> parse(file.replace(';', '\n')));
        assertEquals(message, e.getMessage());
    }

    @Test
    void theSampleIsAPolicyAndSaysWhatItsCommentsSay() throws PolicySyntaxException, IOException {
        Policies policies = parse(Files.readString(Path.of("../config/policy.sample")));

        RoomPolicy board = policies.of("board-2026");
        assertEquals(RoleSet.parse("board, chair"), board.to(Grant.JOIN));
        assertEquals(RoleSet.parse("chair"), board.to(Grant.MODERATE));
        assertEquals(RoleSet.parse("chair"), board.creators());
        assertTrue(board.lobby());
        assertEquals(20, board.maxPeers());
        RoomPolicy lecture = policies.of("lecture-maths");
        assertTrue(lecture.passwords().publish().orElseThrow().matches(new Password("speaker")));
        assertEquals(
                Set.of(Grant.JOIN, Grant.SUBSCRIBE), policies.of("town-hall").anonymous());
        assertTrue(policies.of("family").passwords().join().orElseThrow().matches(new Password("let me in")));
        assertEquals(SETTINGS, policies.of("test-1"));
        assertEquals(RoleSet.parse("**"), policies.of("anything").to(Grant.JOIN));
    }

    private static Policies parse(String text) throws PolicySyntaxException {
        return PolicyParser.parse(text, SETTINGS);
    }
}
