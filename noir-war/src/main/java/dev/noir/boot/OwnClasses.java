package dev.noir.boot;

import jakarta.servlet.ServletContext;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarInputStream;
import org.jspecify.annotations.Nullable;

/**
 * Loads noiR's classes before they are needed: stopping needs some that nothing has needed before, and by then Liberty has deleted
 * the WAR it would read them from, and Payara has closed the class loader. Thread: the server's deployer.
 */
final class OwnClasses {
    private static final Logger LOG = System.getLogger(OwnClasses.class.getName());
    private static final String CLASSES = "/WEB-INF/classes/";
    private static final String LIBRARIES = "/WEB-INF/lib/";
    private static final String SUFFIX = ".class";

    // Given.
    private final ServletContext context;
    private final ClassLoader loader;

    // State.
    private int loaded;

    private OwnClasses(ServletContext context, ClassLoader loader) {
        this.context = context;
        this.loader = loader;
    }

    /** How many there are now. What cannot be loaded (the launcher's, without a Tomcat) is nothing that this server needs. */
    static int load(ServletContext context, ClassLoader loader) {
        OwnClasses own = new OwnClasses(context, loader);
        own.loadFolder(CLASSES);
        own.list(LIBRARIES).stream().filter(OwnClasses::isOurs).forEach(own::loadLibrary);
        return own.loaded;
    }

    private static boolean isOurs(String library) {
        return library.startsWith(LIBRARIES + "noir-") && library.endsWith(".jar");
    }

    private void loadFolder(String folder) {
        for (String path : list(folder)) {
            if (path.endsWith("/")) {
                loadFolder(path);
            } else {
                loadClass(path.substring(CLASSES.length()));
            }
        }
    }

    private List<String> list(String folder) {
        @Nullable Set<String> paths = context.getResourcePaths(folder);
        return paths == null ? List.of() : new ArrayList<>(paths);
    }

    private void loadLibrary(String path) {
        try (InputStream file = context.getResourceAsStream(path)) {
            if (file == null) {
                return;
            }
            JarInputStream library = new JarInputStream(file, false);
            for (JarEntry entry = library.getNextJarEntry(); entry != null; entry = library.getNextJarEntry()) {
                loadClass(entry.getName());
            }
        } catch (IOException e) {
            LOG.log(Level.WARNING, "The classes of " + path + " are not loaded ahead", e);
        }
    }

    /** @param file as in {@code dev/noir/room/Room.class} */
    private void loadClass(String file) {
        if (!file.endsWith(SUFFIX) || file.endsWith("-info.class")) {
            return;
        }
        String name = file.substring(0, file.length() - SUFFIX.length()).replace('/', '.');
        try {
            Class.forName(name, false, loader);
            loaded++;
        } catch (ClassNotFoundException | LinkageError e) {
            LOG.log(Level.DEBUG, "{0} is not loaded ahead: {1}", name, e);
        }
    }
}
