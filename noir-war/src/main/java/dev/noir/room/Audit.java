package dev.noir.room;

import dev.noir.access.Caller;
import dev.noir.access.PlainText;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** The log of what moderators do: a line at INFO for each act, under a logger of its own. Thread: any. */
final class Audit {
    private static final Logger LOG = System.getLogger(Audit.class.getName());

    private Audit() {}

    /**
     * Who did what.
     *
     * @param name of the acting peer; empty: another part of this server acts for him
     * @param result "done", or why not
     */
    static void log(RoomId room, Caller actor, String name, ModerationCommand command, String result) {
        if (command instanceof ModerationCommand.Peers
                || command instanceof ModerationCommand.Describe
                || command instanceof ModerationCommand.JobHasFailed
                || command instanceof ModerationCommand.Explain) {
            return; // Looking is no act, nor is telling.
        }
        LOG.log(Level.INFO, () -> line(room, actor, name, command, result));
    }

    static String line(RoomId room, Caller actor, String name, ModerationCommand command, String result) {
        return "room " + quoted(room.value()) + ": "
                + (actor.isAnonymous() ? "anonymous" : quoted(actor.principal()))
                + (name.isEmpty() ? " through the API" : " as " + quoted(name))
                + (actor.address().isEmpty() ? "" : " from " + PlainText.of(actor.address()))
                + ": " + what(command) + ": " + PlainText.of(result);
    }

    private static String what(ModerationCommand command) {
        if (command instanceof ModerationCommand.Lock lock) {
            return lock.locked() ? "lock" : "unlock";
        } else if (command instanceof ModerationCommand.Lobby lobby) {
            return "lobby " + (lobby.enabled() ? "on" : "off");
        } else if (command instanceof ModerationCommand.RecordRoom record) {
            return "recording " + (record.enabled() ? "on" : "off");
        } else if (command instanceof ModerationCommand.Admit admit) {
            return "admit " + quoted(admit.peer().value());
        } else if (command instanceof ModerationCommand.Kick kick) {
            return "kick " + quoted(kick.peer().value()) + because(kick.reason());
        } else if (command instanceof ModerationCommand.Move move) {
            return "move " + quoted(move.peer().value()) + " to "
                    + quoted(move.to().value());
        } else if (command instanceof ModerationCommand.Banish banish) {
            return "ban " + quoted(banish.peer().value()) + " for "
                    + banish.time().toSeconds() + " s" + because(banish.reason());
        } else if (command instanceof ModerationCommand.Unban unban) {
            return "unban " + quoted(unban.id());
        } else if (command instanceof ModerationCommand.Squelch squelch) {
            return squelching(squelch.squelched())
                    + quoted(squelch.peer().value())
                    + squelch.medium().map(medium -> " " + medium).orElse("")
                    + squelch.stream()
                            .map(stream -> " stream " + quoted(stream))
                            .orElse("");
        } else if (command instanceof ModerationCommand.SquelchOthers others) {
            return squelching(others.squelched())
                    + "all but "
                    + quoted(others.except().value())
                    + others.medium().map(medium -> " " + medium).orElse("");
        } else if (command instanceof ModerationCommand.SetGrants grant) {
            return "grant " + quoted(grant.peer().value()) + " "
                    + String.join(",", grant.grants().wire());
        }
        return whatOfManagement(command);
    }

    private static String whatOfManagement(ModerationCommand command) {
        if (command instanceof ModerationCommand.Close close) {
            return "close" + because(close.reason());
        }
        return command instanceof ModerationCommand.Reload ? "other options" : "look";
    }

    private static String squelching(boolean squelched) {
        return squelched ? "squelch " : "unsquelch ";
    }

    private static String because(String reason) {
        return reason.isEmpty() ? "" : " because " + quoted(reason);
    }

    /** So that no name can look like the rest of the line. */
    private static String quoted(String text) {
        return '"' + PlainText.of(text).replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
