import jakarta.json.Json;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import jakarta.json.JsonWriter;
import jakarta.json.stream.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * The parts of a WAR and their licences: of what CycloneDX's plugin found of Maven's dependencies, those that are packed; what is linked
 * into the native library; what is bundled with the pages' scripts. And those of noir-bot.jar, into which all of its dependencies are
 * packed. Called by tools/release.sh, with Jakarta's JSON on the class path.
 */
final class Release {
    private static final Pattern LICENCE = Pattern.compile("(META-INF/)?(LICEN[CS]E|NOTICE|COPYING)[^/]*", Pattern.CASE_INSENSITIVE);
    // The SPDX expressions of what Debian's packages are linked into the library for.
    private static final Map<String, String> LINKED = Map.of(
            "openssl", "Apache-2.0",
            "libusrsctp", "BSD-3-Clause",
            "intel-ipsec-mb", "BSD-3-Clause",
            "gcc", "GPL-3.0-or-later WITH GCC-exception-3.1");

    private static final int FIXED_ARGUMENTS = 6;

    private final Path target;
    private final JsonObject bom;
    // As the purls of components begin, with what is said of their licences.
    private final TreeMap<String, String> listed = new TreeMap<>();

    private Release(Path target, JsonObject bom) {
        this.target = target;
        this.bom = bom;
    }

    /**
     * The unpacked WAR, the plugin's list of it, the lock file of the pages, noir-bot.jar, the plugin's list of that, the folder to write
     * to, and source=version@distribution of what is linked.
     */
    public static void main(String... args) throws IOException {
        Path target = Path.of(args[5]);
        List<String> linked = List.of(args).subList(FIXED_ARGUMENTS, args.length);
        new Release(target, read(Path.of(args[1]))).war(Path.of(args[0]), read(Path.of(args[2])), linked);
        new Release(target, read(Path.of(args[4]))).bot(Path.of(args[3]));
    }

    /** Its native library is libwebrtc, of which webrtc-java does not say the version. */
    private void bot(Path jar) throws IOException {
        JsonArrayBuilder components = Json.createArrayBuilder();
        Set<String> kept = new HashSet<>();
        kept.add(self());
        for (JsonObject component : bom.getJsonArray("components").getValuesAs(JsonObject.class)) {
            add(components, component);
            kept.add(component.getString("bom-ref"));
        }
        String libwebrtc = "pkg:generic/libwebrtc";
        add(components, Json.createObjectBuilder(part("libwebrtc", "", libwebrtc, "BSD-3-Clause")).remove("version").build());
        writeList("noir-bot", components, kept);
        writeParts("noir-bot.jar", "noir-bot.txt");
        extract(jar, target.resolve("licences"));
    }

    private String self() {
        return bom.getJsonObject("metadata").getJsonObject("component").getString("bom-ref");
    }

    private void war(Path war, JsonObject lock, List<String> linked) throws IOException {
        JsonArrayBuilder components = Json.createArrayBuilder();
        Set<String> kept = new HashSet<>();
        kept.add(self());
        Set<String> jars = jars(war);
        for (JsonObject component : bom.getJsonArray("components").getValuesAs(JsonObject.class)) {
            String file = component.getString("name") + "-" + component.getString("version") + ".jar";
            if (jars.remove(file)) {
                add(components, component);
                kept.add(component.getString("bom-ref"));
            }
        }
        if (!jars.isEmpty()) {
            throw new IllegalStateException("In the WAR, and not among its dependencies: " + jars);
        }
        for (String name : List.of("ion-sdk-js", "uuid")) {
            String version = lock.getJsonObject("packages").getJsonObject("node_modules/" + name).getString("version");
            add(components, part(name, version, "pkg:npm/" + name + "@" + version, "MIT"));
        }
        for (String each : linked) {
            add(components, linked(each.split("[=@]", 3)));
        }
        writeList("noir", components, kept);
        writeParts("noir.war", "parts.txt");
        for (String place : List.of("WEB-INF/lib", "WEB-INF/embed")) {
            try (Stream<Path> packed = Files.list(war.resolve(place))) {
                for (Path jar : packed.sorted().toList()) {
                    extract(jar, target.resolve("licences"));
                }
            }
        }
    }

    private void writeList(String name, JsonArrayBuilder components, Set<String> kept) throws IOException {
        try (OutputStream out = Files.newOutputStream(target.resolve(name + ".cdx.json"));
                JsonWriter writer = Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true)).createWriter(out)) {
            writer.write(Json.createObjectBuilder(bom)
                    .add("components", components)
                    .add("dependencies", dependencies(kept))
                    .build());
        }
    }

    private static Set<String> jars(Path war) throws IOException {
        Set<String> names = new HashSet<>();
        for (String folder : List.of("WEB-INF/lib", "WEB-INF/embed")) {
            try (Stream<Path> files = Files.list(war.resolve(folder))) {
                files.map(file -> file.getFileName().toString()).forEach(names::add);
            }
        }
        return names;
    }

    private void add(JsonArrayBuilder components, JsonObject component) {
        components.add(component);
        JsonArray licences = component.getJsonArray("licenses");
        listed.put(component.getString("purl"), licences == null ? "see its licence" : licences.getValuesAs(JsonObject.class).stream()
                .map(Release::licence)
                .reduce((one, other) -> one + " or " + other)
                .orElse("see its licence"));
    }

    private static String licence(JsonObject choice) {
        if (choice.containsKey("expression")) {
            return choice.getString("expression");
        }
        JsonObject licence = choice.getJsonObject("license");
        return licence.getString("id", licence.getString("name", "see its licence"));
    }

    /** Debian's source package and its version, which is what its security tracker knows. */
    private static JsonObject linked(String... nameVersionDistribution) {
        String name = nameVersionDistribution[0];
        String licence = LINKED.get(name.replaceFirst("-[0-9]+$", ""));
        if (licence == null) {
            throw new IllegalStateException("The licence of " + name + "?");
        }
        String distribution = nameVersionDistribution[2];
        return part(
                name,
                nameVersionDistribution[1],
                "pkg:deb/" + distribution.replaceFirst("-.*", "") + "/" + name + "@" + nameVersionDistribution[1].replace("+", "%2B")
                        + "?arch=source&distro=" + distribution,
                licence);
    }

    private static JsonObject part(String name, String version, String purl, String licence) {
        return Json.createObjectBuilder()
                .add("type", "library")
                .add("bom-ref", purl)
                .add("name", name)
                .add("version", version)
                .add("licenses", Json.createArrayBuilder().add(Json.createObjectBuilder().add("expression", licence)))
                .add("purl", purl)
                .build();
    }

    /** Among those that are packed. */
    private JsonArrayBuilder dependencies(Set<String> kept) {
        JsonArrayBuilder all = Json.createArrayBuilder();
        for (JsonObject each : bom.getJsonArray("dependencies").getValuesAs(JsonObject.class)) {
            if (kept.contains(each.getString("ref"))) {
                JsonArrayBuilder on = Json.createArrayBuilder();
                each.getOrDefault("dependsOn", JsonArray.EMPTY_JSON_ARRAY).asJsonArray().getValuesAs(jakarta.json.JsonString.class).stream()
                        .filter(ref -> kept.contains(ref.getString()))
                        .forEach(on::add);
                all.add(Json.createObjectBuilder().add("ref", each.getString("ref")).add("dependsOn", on));
            }
        }
        return all;
    }

    /** A list of all: many name their licence in their POM alone. */
    private void writeParts(String file, String list) throws IOException {
        StringBuilder text = new StringBuilder("What is in " + file + ", and under which licence:\n\n");
        listed.forEach((purl, licence) -> text.append(purl.replaceFirst("\\?.*", "")).append("  ").append(licence).append('\n'));
        Files.writeString(Files.createDirectories(target.resolve("licences")).resolve(list), text);
    }

    /** What a JAR has of its own; also the native library's, which its JAR has in a folder. */
    private static void extract(Path jar, Path folder) throws IOException {
        String name = jar.getFileName().toString().replaceFirst("\\.jar$", "");
        try (ZipFile zip = new ZipFile(jar.toFile(), StandardCharsets.UTF_8)) {
            for (ZipEntry entry : zip.stream().toList()) {
                boolean linked = entry.getName().startsWith("META-INF/native/") && entry.getName().contains("/licenses/");
                if (!entry.isDirectory() && (linked || LICENCE.matcher(entry.getName()).matches())) {
                    Path file = folder.resolve(name).resolve(Path.of(entry.getName()).getFileName());
                    Files.createDirectories(file.getParent());
                    try (InputStream in = zip.getInputStream(entry)) {
                        Files.write(file, in.readAllBytes());
                    }
                }
            }
        }
    }

    private static JsonObject read(Path file) throws IOException {
        try (JsonReader reader = Json.createReader(Files.newInputStream(file))) {
            return reader.readObject();
        }
    }
}
