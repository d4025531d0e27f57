package dev.noir.bot.announce;

import dev.noir.bot.Bot;
import dev.noir.bot.BotKind;
import dev.noir.bot.Room;
import dev.noir.bot.Track;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Sends back what it hears and sees of one other participant, the first that sends anything, so that he can tell how he comes over.
 * Option: {@code of}, his uid.
 */
public final class EchoKind implements BotKind {
    /** Found by its name alone, as services are. */
    public EchoKind() {}

    @Override
    public String name() {
        return "echo";
    }

    @Override
    public Bot make(Map<String, String> options, Files files) {
        for (String name : options.keySet()) {
            if (!name.equals("of")) {
                throw new IllegalArgumentException("an echo has no option " + name);
            }
        }
        return new Echo(Optional.ofNullable(options.get("of")));
    }

    /** Thread: the bot's; what is sent back is so on the threads that it comes on. */
    private static final class Echo implements Bot {
        private Optional<String> of;
        private Room.@Nullable Publication publication;

        Echo(Optional<String> of) {
            this.of = of;
        }

        @Override
        public void joined(Room room) throws Exception {
            publication = room.publish(true, true);
        }

        @Override
        public void began(Track track) {
            Room.Publication back = publication;
            if (back == null || !track.uid().equals(of.orElse(track.uid()))) {
                return;
            }
            of = Optional.of(track.uid());
            if (track.isVideo()) {
                track.watch(back::show);
            } else {
                track.hear(back::play);
            }
        }
    }
}
