package dev.noir.admin;

import dev.noir.access.PlainText;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.RecordComponent;
import java.util.Optional;
import java.util.StringJoiner;

/** The log of what administrators change: a line at INFO for each command, under a logger of its own. Thread: any. */
final class CommandAudit {
    private static final Logger LOG = System.getLogger(CommandAudit.class.getName());

    private CommandAudit() {}

    /** @param result "done", or why not */
    static void log(Actor actor, String command, Record input, String result) {
        LOG.log(Level.INFO, () -> line(actor, command, input, result));
    }

    static String line(Actor actor, String command, Record input, String result) {
        return (actor.caller().isAnonymous()
                        ? "somebody with the admin token"
                        : quoted(actor.caller().principal()))
                + (actor.caller().address().isEmpty()
                        ? ""
                        : " from " + PlainText.of(actor.caller().address()))
                + " through " + actor.door() + ": " + command + members(input) + ": " + PlainText.of(result);
    }

    private static String members(Record input) {
        StringJoiner members = new StringJoiner(" ", " ", "").setEmptyValue("");
        RecordJson.components(input).forEach((component, value) -> {
            Object shown = value instanceof Optional<?> optional ? optional.orElse(null) : value;
            if (shown != null) {
                members.add(component.getName() + "=" + (isSecret(component) ? "***" : quoted(shown.toString())));
            }
        });
        return members.toString();
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
