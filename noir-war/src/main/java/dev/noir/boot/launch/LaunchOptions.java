package dev.noir.boot.launch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What stands on the command line after {@code java -jar noir.war}. */
record LaunchOptions(
        boolean help, boolean version, boolean password, Optional<String> configFile, Map<String, String> properties) {

    static final String USAGE =
            """
            Usage: java -jar noir.war [options]
                   java -jar noir.war password     print the hash of a room's password, asked for or from standard input

              -Dkey=value      set a setting, for example -Dnoir.media.port=6000
              --config FILE    read settings from a properties file; environment variables and -D win over it
              --version        print the version
              --help           print this

            Settings most often needed (all of them: config/microprofile-config.properties):
              noir.http.ports                 7000,7001,7070   clients, management, pages
              noir.media.port                 5000             first UDP port of media
              noir.media.announced-addresses                   public addresses, when behind 1:1 NAT
            Every setting is an environment variable too: noir.http.ports is NOIR_HTTP_PORTS.
            """;

    static LaunchOptions parse(List<String> arguments) {
        boolean help = false;
        boolean version = false;
        boolean password = false;
        Optional<String> configFile = Optional.empty();
        Map<String, String> properties = new LinkedHashMap<>();
        List<String> rest = new ArrayList<>(arguments);
        while (!rest.isEmpty()) {
            String argument = rest.remove(0);
            if (argument.equals("--help") || argument.equals("-h")) {
                help = true;
            } else if (argument.equals("--version")) {
                version = true;
            } else if (argument.equals("password")) {
                password = true;
            } else if (argument.startsWith("--config=")) {
                configFile = Optional.of(argument.substring("--config=".length()));
            } else if (argument.equals("--config") && !rest.isEmpty()) {
                configFile = Optional.of(rest.remove(0));
            } else if (argument.startsWith("-D") && argument.indexOf('=') > 2) {
                int equals = argument.indexOf('=');
                properties.put(argument.substring(2, equals), argument.substring(equals + 1));
            } else {
                throw new LaunchException("Unknown option " + argument + ". Try --help.");
            }
        }
        return new LaunchOptions(help, version, password, configFile, properties);
    }
}
