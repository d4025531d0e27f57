package dev.noir.media;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/**
 * Loads {@code libnoir.so} once per class loader. The JVM refuses the same file in a second class loader, and every
 * redeployment is one: so each gets a copy with a name of its own, which is deleted as soon as it is mapped.
 * Thread: any.
 */
final class NativeLibrary {

    /** System property: load this file instead of the packed one (a sanitizer build, say). */
    static final String FILE_PROPERTY = "dev.noir.media.library";

    private NativeLibrary() {}

    static void load() {
        // The holder class loads the library when it is initialised: once, whoever asks first.
        Holder.check();
    }

    private static final class Holder {

        static {
            loadNow();
        }

        private static void check() {
            int abi = Native.abiVersion();
            if (abi != Native.ABI_VERSION) {
                throw new MediaException(
                        ErrorCode.SYSTEM, "libnoir.so has ABI " + abi + ", the classes have " + Native.ABI_VERSION);
            }
        }
    }

    private static void loadNow() {
        String file = System.getProperty(FILE_PROPERTY);
        if (file != null) {
            System.load(Path.of(file).toAbsolutePath().toString());
            return;
        }
        try {
            loadCopy("META-INF/native/" + platform() + "/libnoir.so");
        } catch (IOException e) {
            throw new MediaException(
                    ErrorCode.SYSTEM,
                    "cannot unpack libnoir.so to " + System.getProperty("java.io.tmpdir") + ": " + e.getMessage(),
                    e);
        }
    }

    private static void loadCopy(String resource) throws IOException {
        Path copy = Files.createTempFile("libnoir-", ".so");
        try {
            try (InputStream in = NativeLibrary.class.getClassLoader().getResourceAsStream(resource)) {
                if (in == null) {
                    throw new MediaException(ErrorCode.SYSTEM, "noiR has no native library for " + platform());
                }
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            System.load(copy.toString());
        } finally {
            Files.delete(copy);
        }
    }

    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String arch = System.getProperty("os.arch");
        return os + "-" + (arch.equals("amd64") ? "x86_64" : arch);
    }
}
