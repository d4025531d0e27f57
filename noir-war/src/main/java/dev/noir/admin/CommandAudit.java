package dev.noir.admin;

import dev.noir.access.PlainText;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The log of what administrators change: a line at INFO for each command, under a logger of its own. Thread: any. */
final class CommandAudit {
    private static final Logger LOG = System.getLogger(CommandAudit.class.getName());

    private static final String SECRET = "***";

    private CommandAudit() {}

    /** @param result "done", or why not */
    static void log(Actor actor, String command, Record input, String result) {
        LOG.log(Level.INFO, () -> line(actor, command, input, result));
    }

    static String line(Actor actor, String command, Record input, String result) {
        return who(actor)
                + (actor.caller().address().isEmpty()
                        ? ""
                        : " from " + PlainText.of(actor.caller().address()))
                + " through " + actor.door() + ": " + command + text(input) + ": " + PlainText.of(result);
    }

    private static String who(Actor actor) {
        if (actor.door().equals(Actor.REDIS)) {
            return "a program";
        }
        return actor.caller().isAnonymous()
                ? "somebody with the admin token"
                : quoted(actor.caller().principal());
    }

    /** What can be shown of a command's input, in order. */
    static Map<String, String> members(Record input) {
        Map<String, String> members = new LinkedHashMap<>();
        RecordJson.components(input).forEach((component, value) -> {
            Object shown = value instanceof Optional<?> optional ? optional.orElse(null) : value;
            if (shown != null) {
                String text = shown instanceof Enum<?> word ? RecordJson.wire(word) : shown.toString();
                members.put(component.getName(), isSecret(component) ? SECRET : text);
            }
        });
        return members;
    }

    private static String text(Record input) {
        StringBuilder text = new StringBuilder();
        members(input).forEach((name, value) -> text.append(' ')
                .append(name)
                .append('=')
                .append(value.equals(SECRET) ? SECRET : quoted(value)));
        return text.toString();
    }

    private static boolean isSecret(RecordComponent component) {
        Member member = RecordJson.bounds(component);
        return member != null && member.secret();
    }

    /** So that no text can look like the rest of the line. */
    private static String quoted(String text) {
        return '"' + PlainText.of(text).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
