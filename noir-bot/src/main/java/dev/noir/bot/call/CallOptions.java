package dev.noir.bot.call;

import dev.noir.bot.signal.Signal;
import java.net.URI;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the caller is to do.
 *
 * @param signalling the WebSocket's address
 * @param seconds how long; 0: until it is ended
 * @param expect so many publishers have to be seen
 */
record CallOptions(
        URI signalling,
        String room,
        int seconds,
        int expect,
        boolean publish,
        boolean json,
        Optional<String> uid,
        Optional<String> token,
        Optional<String> password) {
    /** The token may also stand here, where other users of the machine do not see it. */
    static final String TOKEN_VARIABLE = "NOIR_TOKEN";

    private static final int DEFAULT_SECONDS = 10;
    private static final int MAX_NUMBER = 1_000_000;

    /** Wrong options, in words. */
    static final class UsageException extends Exception {
        private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    /** As they come in, one by one. */
    private static final class Parsed {
        private final List<String> words = new ArrayList<>();
        private int seconds = DEFAULT_SECONDS;
        private int expect;
        private boolean publish = true;
        private boolean json;
        private Optional<String> uid = Optional.empty();
        private Optional<String> token = Optional.empty();
        private Optional<String> password = Optional.empty();
    }

    static CallOptions parse(List<String> arguments, Map<String, String> environment) throws UsageException {
        Parsed parsed = new Parsed();
        Optional<String> variable = Optional.ofNullable(environment.get(TOKEN_VARIABLE));
        parsed.token = variable.filter(text -> !text.isEmpty());
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            switch (argument) {
                case "--seconds" -> parsed.seconds = number(argument, rest);
                case "--expect" -> parsed.expect = number(argument, rest);
                case "--uid" -> parsed.uid = Optional.of(value(argument, rest));
                case "--token" -> parsed.token = Optional.of(value(argument, rest));
                case "--password" -> parsed.password = Optional.of(value(argument, rest));
                case "--no-publish" -> parsed.publish = false;
                case "--json" -> parsed.json = true;
                default -> {
                    if (argument.startsWith("-")) {
                        throw new UsageException("there is no option '" + argument + "'");
                    }
                    parsed.words.add(argument);
                }
            }
        }
        if (parsed.words.size() != 2) {
            throw new UsageException("an address and a room are needed");
        }
        return new CallOptions(
                signalling(parsed.words.get(0)),
                parsed.words.get(1),
                parsed.seconds,
                parsed.expect,
                parsed.publish,
                parsed.json,
                parsed.uid,
                parsed.token,
                parsed.password);
    }

    private static String value(String option, Iterator<String> rest) throws UsageException {
        if (!rest.hasNext()) {
            throw new UsageException(option + " needs a value");
        }
        return rest.next();
    }

    private static int number(String option, Iterator<String> rest) throws UsageException {
        String text = value(option, rest);
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && number <= MAX_NUMBER) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new UsageException(option + " needs a number from 0 to " + MAX_NUMBER + ", not '" + text + "'");
    }

    private static URI signalling(String text) throws UsageException {
        try {
            return Signal.address(text);
        } catch (IllegalArgumentException e) {
            throw new UsageException(String.valueOf(e.getMessage()));
        }
    }

    static String usage() {
        return """
                Usage: call URL ROOM [options]

                Joins a room as a browser does, shows a test picture and a tone, prints what it sees and hears of others, and leaves.
                URL is that of noiR's pages (https://example.org/noir) or of its WebSocket (wss://example.org/noir/ws).

                  --seconds N    how long; 10 when missing, 0 until it is ended by a signal
                  --expect N     fail unless pictures of so many participants have been decoded
                  --no-publish   send nothing
                  --uid NAME     as whom; a random name when missing
                  --token T      a bearer token for the handshake; or in the environment: NOIR_TOKEN
                  --password P   of the room
                  --json         an object of JSON on each line, for programs
                  --help         print this

                It ends with 0 when all went well; 1 when what was expected has not been seen, or nothing could be sent; 2 when the
                options are wrong or libraries of the system are missing; 3 when there was no connection, or it did not last.
                """;
    }
}
