package dev.noir.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Who may come in and what he may do, row by row. The columns:
 *
 * <ul>
 *   <li>login: "needed" is {@code noir.auth.mode=required}.
 *   <li>caller: a name and his roles, or nobody.
 *   <li>policy: the lines of the policy file for the room, on top of the settings' defaults: everybody may do what members do,
 *       {@code noir-moderator} moderates, {@code noir-admin} administers.
 *   <li>room: what it is in when he comes; "new" is made by his joining, "own-…" is a password in its own options, "own: …" a
 *       policy there.
 *   <li>gives: the passwords he has given and that were right.
 *   <li>verdict: grants ("member" is all but to moderate and to administer), or the reason and the text of a refusal.
 * </ul>
 */
final class EntranceTableTest {
    private static final Instant UNTIL = Instant.parse("2026-11-28T12:00:00.123Z");

    @ParameterizedTest(name = "{0} | {1} | {2} | {3} | {4} → {5}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            textBlock =
                    """
        # Nothing configured: today's open house.
        open   | nobody              | -                        | new              | -       | member
        open   | nobody              | -                        | open             | -       | member
        open   | ann                 | -                        | open             | -       | member
        open   | ann: noir-moderator | -                        | open             | -       | member, moderate
        open   | ann: noir-admin     | -                        | open             | -       | everything

        # A login is needed everywhere.
        needed | nobody              | -                        | open             | -       | LOGIN_NEEDED please log in
        needed | ann                 | -                        | open             | -       | member
        needed | nobody              | join = *                 | open             | -       | LOGIN_NEEDED please log in
        needed | nobody              | -                        | banned           | -       | LOGIN_NEEDED please log in

        # Roles for the door. Who has no name might be one of those: he is asked to log in.
        open   | nobody              | join = board             | open             | -       | LOGIN_NEEDED please log in
        open   | ann                 | join = board             | open             | -       | FORBIDDEN you may not join this room
        open   | ann: sales          | join = board             | open             | -       | FORBIDDEN you may not join this room
        open   | ann: board          | join = board             | open             | -       | member
        open   | ann: sales, board   | join = chair, board      | open             | -       | member
        open   | ann                 | join = **                | open             | -       | member
        open   | nobody              | join = **                | open             | -       | LOGIN_NEEDED please log in
        open   | nobody              | join = -                 | open             | -       | FORBIDDEN you may not join this room
        open   | ann: board          | join =                   | open             | -       | FORBIDDEN you may not join this room
        # Roles are compared exactly.
        open   | ann: Board          | join = board             | open             | -       | FORBIDDEN you may not join this room

        # Roles for what one may do inside.
        open   | ann: sales          | publish = board          | open             | -       | join, subscribe
        open   | ann: board          | publish = board          | open             | -       | member
        open   | nobody              | publish = board          | open             | -       | join, subscribe
        open   | ann                 | publish-screen = board   | open             | -       | join, publish.audio, publish.video, publish.data, subscribe
        open   | ann                 | publish = -; publish-audio = * | open       | -       | join, publish.audio, subscribe
        open   | ann                 | publish-audio = *; publish = - | open       | -       | join, publish.audio, subscribe
        open   | ann                 | subscribe = -            | open             | -       | join, publish.audio, publish.video, publish.screen, publish.data
        open   | ann                 | publish-data = -; publish-video = - | open  | -       | join, publish.audio, publish.screen, subscribe

        # Who moderates has all that members have, whatever the other lines say.
        open   | ann: chair          | moderate = chair         | open             | -       | member, moderate
        open   | ann: chair          | moderate = chair; join = board; publish = board | open | - | member, moderate
        open   | ann: noir-moderator | moderate = chair         | open             | -       | member
        open   | nobody              | moderate = *             | open             | -       | member, moderate
        # Who administers can do everything in every room; no policy takes that away.
        open   | ann: noir-admin     | join = -; moderate = -; create = -; max-peers = 1 | new, locked, banned, lobby, 9 in it | - | everything

        # The most that people without a name get.
        open   | nobody              | anonymous = join, subscribe | open          | -       | join, subscribe
        open   | ann                 | anonymous = join, subscribe | open          | -       | member
        open   | nobody              | anonymous = join, publish.audio, subscribe; publish = - | open | - | join, subscribe
        open   | nobody              | anonymous =              | open             | -       | LOGIN_NEEDED please log in
        open   | nobody              | moderate = *; anonymous = join, publish | open | -     | join, publish.audio, publish.video, publish.screen, publish.data

        # A password for the door is asked of all but those who moderate.
        open   | nobody              | password for join        | open             | -       | PASSWORD_NEEDED a password is needed
        open   | nobody              | password for join        | open             | join    | member
        open   | ann: board          | password for join; join = board | open      | -       | PASSWORD_NEEDED a password is needed
        open   | ann: sales          | password for join; join = board | open      | join    | FORBIDDEN you may not join this room
        open   | ann: noir-moderator | password for join        | open             | -       | member, moderate
        open   | nobody              | password for join        | new              | join    | member
        # A password for sending: one may listen without. It opens the door as well.
        open   | nobody              | password for publish     | open             | -       | join, subscribe
        open   | nobody              | password for publish     | open             | publish | member
        open   | nobody              | password for publish; password for join | open | -    | PASSWORD_NEEDED a password is needed
        open   | nobody              | password for publish; password for join | open | join | join, subscribe
        open   | nobody              | password for publish; password for join | open | publish | member
        open   | ann: noir-moderator | password for publish     | open             | -       | member, moderate
        open   | ann: sales          | password for publish; publish = board | open | publish | join, subscribe
        # A room's own passwords count like those of the policy.
        open   | nobody              | -                        | own-join         | -       | PASSWORD_NEEDED a password is needed
        open   | nobody              | -                        | own-join         | join    | member
        open   | nobody              | -                        | own-publish      | -       | join, subscribe
        open   | nobody              | -                        | own-publish      | publish | member
        # A right password where none is asked for changes nothing.
        open   | nobody              | -                        | open             | publish | member

        # Locked: nobody new but those who moderate. Told only to who has the password.
        open   | ann                 | -                        | locked           | -       | LOCKED the room is locked
        open   | ann: noir-moderator | -                        | locked           | -       | member, moderate
        open   | nobody              | password for join        | locked           | -       | PASSWORD_NEEDED a password is needed
        open   | nobody              | password for join        | locked           | join    | LOCKED the room is locked

        # The lobby: grants that come into force when somebody lets him in.
        open   | nobody              | -                        | lobby            | -       | waiting for member
        open   | nobody              | publish = board          | lobby            | -       | waiting for join, subscribe
        open   | ann: noir-moderator | -                        | lobby            | -       | member, moderate
        open   | nobody              | password for join        | lobby            | join    | waiting for member
        open   | nobody              | -                        | lobby, locked    | -       | LOCKED the room is locked

        # Whom an administrator has sent there: neither password nor policy, lock nor lobby; but a ban, a login and a full room.
        open   | nobody              | password for join        | locked, lobby    | invited | member
        open   | nobody              | password for publish; password for join | open | invited | member
        open   | nobody              | -                        | own-join, new    | invited | member
        open   | ann                 | join = board; create = - | new              | invited | member
        open   | nobody              | join = board; publish = board | open        | invited | join, subscribe
        open   | nobody              | anonymous =              | open             | invited | join
        needed | nobody              | -                        | open             | invited | LOGIN_NEEDED please log in
        open   | ann                 | -                        | banned           | invited | BANNED banned until 2026-11-28T12:00:00Z
        open   | ann                 | max-peers = 3            | 3 in it          | invited | FULL the room is full

        # Banned: all but administrators, before anything else is looked at.
        open   | ann                 | -                        | banned           | -       | BANNED banned until 2026-11-28T12:00:00Z
        open   | ann: noir-moderator | -                        | banned           | -       | BANNED banned until 2026-11-28T12:00:00Z
        open   | nobody              | password for join        | banned           | join    | BANNED banned until 2026-11-28T12:00:00Z
        open   | ann: sales          | join = board             | banned, locked   | -       | BANNED banned until 2026-11-28T12:00:00Z

        # Who may open a room; to moderate does not suffice.
        open   | ann                 | create = chair           | new              | -       | FORBIDDEN the room has not been opened yet
        open   | ann: chair          | create = chair           | new              | -       | member
        open   | ann                 | create = chair           | open             | -       | member
        open   | nobody              | create = **              | new              | -       | LOGIN_NEEDED please log in
        open   | ann                 | create = **              | new              | -       | member
        open   | nobody              | create = -               | new              | -       | FORBIDDEN the room has not been opened yet
        open   | ann: noir-moderator | create = chair           | new              | -       | FORBIDDEN the room has not been opened yet
        open   | ann: chair          | create = chair; join = board | new          | -       | FORBIDDEN you may not join this room

        # A room's own policy is laid over that of the file; what it does not say is as there.
        open   | nobody              | -                        | own: join = board | -      | LOGIN_NEEDED please log in
        open   | ann: board          | -                        | own: join = board | -      | member
        open   | ann: sales          | join = board             | own: join = sales | -      | member
        open   | ann: board          | join = board             | own: join = sales | -      | FORBIDDEN you may not join this room
        open   | ann                 | subscribe = -            | own: publish = -; publish-audio = * | - | join, publish.audio
        open   | ann: board          | -                        | own: moderate = board | -  | member, moderate
        open   | ann: noir-moderator | -                        | own: moderate = board | -  | member
        open   | nobody              | -                        | own: anonymous = join, subscribe | - | join, subscribe
        open   | ann                 | create = -               | new, own: create = **  | - | member
        open   | ann: noir-admin     | -                        | own: join = -    | -       | everything
        needed | nobody              | -                        | own: join = *    | -       | LOGIN_NEEDED please log in
        open   | nobody              | password for join        | own: join = *    | -       | PASSWORD_NEEDED a password is needed

        # As many as the policy allows.
        open   | ann                 | max-peers = 3            | 2 in it          | -       | member
        open   | ann                 | max-peers = 3            | 3 in it          | -       | FULL the room is full
        open   | ann: noir-moderator | max-peers = 3            | 3 in it          | -       | FULL the room is full
        """)
    void decides(String login, String caller, String policy, String room, String gives, String verdict)
            throws PolicySyntaxException {
        Policies policies = PolicyParser.parse(file(policy), SETTINGS);
        RuledEntrance entrance = new RuledEntrance(() -> policies, login.equals("needed"));

        Entrance.Verdict answer = entrance.admit(caller(caller), "room", facts(room), passes(gives));

        assertEquals(verdict, text(answer));
    }

    @Test
    void asksThePolicyWhetherThereIsALobby() throws PolicySyntaxException {
        Policies policies = PolicyParser.parse("[board-*]\nlobby = yes\n", SETTINGS);
        RuledEntrance entrance = new RuledEntrance(() -> policies, false);

        assertEquals(List.of(true, false), List.of(entrance.hasLobby("board-1"), entrance.hasLobby("sales")));
    }

    @Test
    void whoComesBackAfterACrashIsKeptOutByABanAlone() throws PolicySyntaxException {
        Policies policies = PolicyParser.parse("[*]\nlobby = yes\ncreate = chair\nmax-peers = 1\n", SETTINGS);
        RuledEntrance entrance = new RuledEntrance(() -> policies, false);
        Caller ann = caller("ann");

        assertEquals(
                "member",
                text(entrance.admit(
                        ann, "room", RoomFacts.returning(Optional.empty(), Set.of(), OwnPolicy.NONE), Set.of())));
        assertEquals(
                "BANNED banned until 2026-11-28T12:00:00Z",
                text(entrance.admit(
                        ann, "room", RoomFacts.returning(Optional.of(UNTIL), Set.of(), OwnPolicy.NONE), Set.of())));
    }

    /** As the settings are when nothing is set. */
    static final RoomPolicy SETTINGS = RoomPolicy.ofRoles(
            Map.of(
                    Grant.JOIN, RoleSet.EVERYBODY,
                    Grant.PUBLISH_AUDIO, RoleSet.EVERYBODY,
                    Grant.PUBLISH_VIDEO, RoleSet.EVERYBODY,
                    Grant.PUBLISH_SCREEN, RoleSet.EVERYBODY,
                    Grant.PUBLISH_DATA, RoleSet.EVERYBODY,
                    Grant.SUBSCRIBE, RoleSet.EVERYBODY,
                    Grant.MODERATE, RoleSet.parse("noir-moderator"),
                    Grant.ADMINISTER, RoleSet.parse("noir-admin")),
            RoleSet.EVERYBODY);

    // Of a password that nobody gives here: which passes somebody has is in the table.
    private static final String HASH = "pbkdf2$sha512$210000$" + "A".repeat(22) + "$" + "A".repeat(86);

    private static String file(String policy) {
        String lines = policy.replace("password for join", "join-password = " + HASH)
                .replace("password for publish", "publish-password = " + HASH);
        return "[room]\n" + (policy.equals("-") ? "" : lines.replace("; ", "\n"));
    }

    private static Caller caller(String text) {
        if (text.equals("nobody")) {
            return Caller.ANONYMOUS;
        }
        String[] parts = text.split(": ", -1);
        Set<String> roles = parts.length == 1 ? Set.of() : Set.of(parts[1].split(", ", -1));
        return new Caller(parts[0], roles, Caller.Means.CONTAINER, "192.0.2.1");
    }

    private static RoomFacts facts(String text) {
        int peers = Arrays.stream(text.split(", ", -1))
                .filter(word -> word.endsWith(" in it"))
                .mapToInt(word -> Integer.parseInt(word.split(" ", -1)[0]))
                .sum();
        Set<Pass> passwords = EnumSet.noneOf(Pass.class);
        if (text.contains("own-join")) {
            passwords.add(Pass.JOIN);
        }
        if (text.contains("own-publish")) {
            passwords.add(Pass.PUBLISH);
        }
        int at = text.indexOf("own: ");
        OwnPolicy own =
                at < 0 ? OwnPolicy.NONE : OwnPolicy.parse(text.substring(at + 5).replace("; ", "\n"));
        return new RoomFacts(
                text.contains("new"),
                peers,
                text.contains("locked"),
                text.contains("lobby"),
                text.contains("banned") ? Optional.of(UNTIL) : Optional.empty(),
                passwords,
                own);
    }

    private static Set<Pass> passes(String text) {
        return switch (text) {
            case "join" -> Set.of(Pass.JOIN);
            case "publish" -> Set.of(Pass.PUBLISH);
            case "invited" -> Set.of(Pass.INVITED);
            default -> Set.of();
        };
    }

    private static String text(Entrance.Verdict verdict) {
        if (verdict instanceof Entrance.Refused refused) {
            return refused.reason() + " " + refused.text();
        }
        Entrance.Granted granted = (Entrance.Granted) verdict;
        return (granted.waiting() ? "waiting for " : "") + text(granted.grants());
    }

    private static String text(Grants grants) {
        if (grants.has(Grant.ADMINISTER)) {
            return "everything";
        }
        String member = Grants.MEMBER.wire().stream().collect(Collectors.joining(", "));
        return grants.all().containsAll(Grants.MEMBER.all())
                ? "member" + (grants.has(Grant.MODERATE) ? ", moderate" : "")
                : String.join(", ", grants.wire()).replace(member, "member");
    }
}
