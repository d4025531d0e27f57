package dev.noir.bot.rtc;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The libraries of the system that libwebrtc's Linux build loads, though it shows no window and plays no sound here. */
final class Libraries {
    /** One, and where it comes from. */
    private record Library(String file, String debian) {}

    private static final List<Library> NEEDED = List.of(
            new Library("libpulse.so.0", "libpulse0"),
            new Library("libX11.so.6", "libx11-6"),
            new Library("libXcomposite.so.1", "libxcomposite1"),
            new Library("libXfixes.so.3", "libxfixes3"),
            new Library("libXrandr.so.2", "libxrandr2"),
            new Library("libdbus-1.so.3", "libdbus-1-3"),
            new Library("libudev.so.1", "libudev1"));

    private static final List<String> FOLDERS =
            List.of("/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib64", "/usr/lib64", "/lib", "/usr/lib");

    private Libraries() {}

    /**
     * Why it has not been loaded, in words.
     *
     * @param failure what loading it ended with
     * @param isThere whether a file of that name is among the system's libraries
     */
    static String complaint(Throwable failure, Predicate<String> isThere) {
        String said = Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .map(cause -> String.valueOf(cause.getMessage()))
                .collect(Collectors.joining("; "));
        Set<Library> missing = new LinkedHashSet<>();
        for (Library library : NEEDED) {
            if (said.contains(library.file()) || !isThere.test(library.file())) {
                missing.add(library);
            }
        }
        if (missing.isEmpty()) {
            return "libwebrtc cannot be loaded: " + said;
        }
        return "libwebrtc cannot be loaded, libraries of the system are missing: "
                + missing.stream().map(Library::file).collect(Collectors.joining(", "))
                + ". On Debian and Ubuntu: apt-get install --no-install-recommends "
                + missing.stream().map(Library::debian).collect(Collectors.joining(" "));
    }

    /** Where the dynamic linker looks on the usual systems. */
    static boolean isInstalled(String file) {
        String path = System.getenv("LD_LIBRARY_PATH");
        Stream<String> own = path == null ? Stream.empty() : Arrays.stream(path.split(":", -1));
        return Stream.concat(own, FOLDERS.stream())
                .anyMatch(folder -> !folder.isEmpty() && Files.exists(Path.of(folder, file)));
    }
}
