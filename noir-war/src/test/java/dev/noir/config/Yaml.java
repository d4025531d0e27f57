package dev.noir.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** A value in a YAML file, with the way to it for what is missing. */
record Yaml(String way, @Nullable Object value) {

    /** The documents of one file, none of which has a key twice. */
    static List<Yaml> read(Path file) throws IOException {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<Yaml> documents = new ArrayList<>();
        try (Reader in = Files.newBufferedReader(file)) {
            new org.yaml.snakeyaml.Yaml(new SafeConstructor(options))
                    .loadAll(in)
                    .forEach(document ->
                            documents.add(new Yaml(file.getFileName() + "[" + documents.size() + "]", document)));
        }
        return documents;
    }

    /** The only one of this kind and name. */
    static Yaml document(List<Yaml> documents, String kind, String name) {
        List<Yaml> found = documents.stream()
                .filter(document -> document.at("kind").text().equals(kind)
                        && document.at("metadata", "name").text().equals(name))
                .toList();
        if (found.size() != 1) {
            throw new AssertionError(found.size() + " of " + kind + " " + name);
        }
        return found.get(0);
    }

    Yaml at(String... keys) {
        Yaml here = this;
        for (String key : keys) {
            here = new Yaml(here.way + "." + key, map(here).get(key));
        }
        return here;
    }

    boolean isThere() {
        return value != null;
    }

    List<Yaml> list() {
        List<Yaml> list = new ArrayList<>();
        if (!(value instanceof List<?> values)) {
            throw new AssertionError(way + " is no list but " + value);
        }
        values.forEach(each -> list.add(new Yaml(way + "[" + list.size() + "]", each)));
        return list;
    }

    /** Of scalars of any type. */
    String text() {
        return Objects.requireNonNull(value, way).toString();
    }

    int number() {
        return Integer.parseInt(text());
    }

    private static Map<?, ?> map(Yaml here) {
        if (!(here.value instanceof Map<?, ?> map)) {
            throw new AssertionError(here.way + " has no keys but is " + here.value);
        }
        return map;
    }
}
