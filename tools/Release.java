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
 * into the native library; what is bundled with the pages' scripts. Called by tools/release.sh, with Jakarta's JSON on the class path.
 */
final class Release {
    private static final Pattern LICENCE = Pattern.compile("(META-INF/)?(LICEN[CS]E|NOTICE|COPYING)[^/]*", Pattern.CASE_INSENSITIVE);
    // The SPDX expressions of what Debian's packages are linked into the library for.
    private static final Map<String, String> LINKED = Map.of(
            "openssl", "Apache-2.0",
            "libusrsctp", "BSD-3-Clause",
            "intel-ipsec-mb", "BSD-3-Clause",
            "gcc", "GPL-3.0-or-later WITH GCC-exception-3.1");

    private final Path war;
    private final Path target;
    private final JsonObject bom;
    // As the purls of components begin, with what is said of their licences.
    private final TreeMap<String, String> listed = new TreeMap<>();

    private Release(Path war, Path target, JsonObject bom) {
        this.war = war;
        this.target = target;
        this.bom = bom;
    }

    /** The unpacked WAR, the plugin's list, the lock file of the pages, the folder to write to, and source=version@distribution of what is linked. */
    public static void main(String... args) throws IOException {
        Release release = new Release(Path.of(args[0]), Path.of(args[3]), read(Path.of(args[1])));
        release.write(read(Path.of(args[2])), List.of(args).subList(4, args.length));
    }

    private void write(JsonObject lock, List<String> linked) throws IOException {
        JsonArrayBuilder components = Json.createArrayBuilder();
        Set<String> kept = new HashSet<>();
        kept.add(bom.getJsonObject("metadata").getJsonObject("component").getString("bom-ref"));
        Set<String> jars = jars();
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
        try (OutputStream out = Files.newOutputStream(target.resolve("noir.cdx.json"));
                JsonWriter writer = Json.createWriterFactory(Map.of(JsonGenerator.PRETTY_PRINTING, true)).createWriter(out)) {
            writer.write(Json.createObjectBuilder(bom)
                    .add("components", components)
                    .add("dependencies", dependencies(kept))
                    .build());
        }
        writeLicences();
    }

    private Set<String> jars() throws IOException {
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

    /** What JARs have of their own, and a list of all: many name their licence in their POM alone. */
    private void writeLicences() throws IOException {
        Path folder = Files.createDirectories(target.resolve("licences"));
        StringBuilder text = new StringBuilder("What is in noir.war, and under which licence:\n\n");
        listed.forEach((purl, licence) -> text.append(purl.replaceFirst("\\?.*", "")).append("  ").append(licence).append('\n'));
        Files.writeString(folder.resolve("parts.txt"), text);
        for (String place : List.of("WEB-INF/lib", "WEB-INF/embed")) {
            try (Stream<Path> jars = Files.list(war.resolve(place))) {
                for (Path jar : jars.sorted().toList()) {
                    extract(jar, folder);
                }
            }
        }
    }

    /** Also the native library's, which its JAR has in a folder. */
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
