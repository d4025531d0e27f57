package dev.noir.bot;

import java.util.Map;

/** What makes bots: found as a service (META-INF/services/dev.noir.bot.BotKind) in the jars that a worker is given. Thread: any. */
public interface BotKind {
    /** As which it is asked for; unlike that of any other kind. */
    String name();

    /**
     * A bot for one stay in one room.
     *
     * @param options as they were given
     * @param files the folder that files named in options are in, where there is one
     * @throws IllegalArgumentException whose words say what is wrong with the options
     */
    Bot make(Map<String, String> options, Files files);

    /** Access to the one folder that files may be in. */
    interface Files {
        /**
         * The file of that name, which exists and is inside the folder, wherever links lead.
         *
         * @throws IllegalArgumentException when there is none, or no folder
         */
        java.nio.file.Path named(String name);
    }
}
