package dev.noir.admin;

import dev.noir.admin.CommandException.Code;
import dev.noir.protocol.JsonRpcCodec;
import jakarta.json.JsonArray;
import jakarta.json.JsonArrayBuilder;
import jakarta.json.JsonNumber;
import jakarta.json.JsonObject;
import jakarta.json.JsonObjectBuilder;
import jakarta.json.JsonString;
import jakarta.json.JsonValue;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON objects, member by component: texts, flags, numbers, words of enumerations, records, lists of such, and trees
 * without a shape of their own ({@code Map}). What is optional may be absent or null. Thread: any.
 */
final class RecordJson {
    static final int MAX_TEXT = 256;
    static final int MAX_LIST = 100;

    /** How much is asked of what is read. */
    enum Rigour {
        /** Of strangers: nothing unknown, and nothing beyond what {@link Member} allows. */
        STRICT,
        /** Of other nodes, which may be of another version. */
        FORGIVING
    }

    private RecordJson() {}

    /** @throws CommandException INVALID, with the name of the member */
    static <T extends Record> T read(Class<T> type, JsonObject json, Rigour rigour) {
        RecordComponent[] components = type.getRecordComponents();
        if (rigour == Rigour.STRICT) {
            Set<String> known =
                    Arrays.stream(components).map(RecordComponent::getName).collect(Collectors.toSet());
            json.keySet().stream()
                    .filter(name -> !known.contains(name))
                    .findFirst()
                    .ifPresent(name -> {
                        throw invalid("there is no member of the name " + shortened(name));
                    });
        }
        @Nullable Object[] values = new @Nullable Object[components.length];
        for (int i = 0; i < components.length; i++) {
            values[i] = member(components[i], json.getOrDefault(components[i].getName(), JsonValue.NULL), rigour);
        }
        return instance(type, components, values);
    }

    private static String shortened(String name) {
        return name.length() <= 64 ? name : name.substring(0, 64) + "…";
    }

    private static <T extends Record> T instance(
            Class<T> type, RecordComponent[] components, @Nullable Object[] values) {
        try {
            Class<?>[] types =
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            return type.getDeclaredConstructor(types).newInstance(values);
        } catch (InvocationTargetException e) {
            throw CommandException.of(e.getCause() == null ? e : e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private static Object member(RecordComponent component, JsonValue value, Rigour rigour) {
        Reading reading = new Reading(component.getName(), bounds(component), rigour);
        if (component.getType() == Optional.class) {
            return value == JsonValue.NULL
                    ? Optional.empty()
                    : Optional.of(reading.value(argument(component.getGenericType(), 0), value));
        }
        if (value == JsonValue.NULL) {
            throw invalid(component.getName() + " is missing");
        }
        return reading.value(component.getGenericType(), value);
    }

    static @Nullable Member bounds(RecordComponent component) {
        return component.getAnnotation(Member.class);
    }

    static Type argument(Type type, int index) {
        return ((ParameterizedType) type).getActualTypeArguments()[index];
    }

    private static CommandException invalid(String text) {
        return new CommandException(Code.INVALID, text);
    }

    /** Reads one member. */
    private record Reading(String name, @Nullable Member bounds, Rigour rigour) {
        Object value(Type type, JsonValue value) {
            if (type instanceof ParameterizedType parameterized) {
                return parameterized.getRawType() == List.class ? list(argument(type, 0), value) : object(value);
            }
            Class<?> raw = (Class<?>) type;
            if (raw == String.class) {
                return text(value);
            } else if (raw == boolean.class || raw == Boolean.class) {
                return flag(value);
            } else if (raw == double.class) {
                return number(value).doubleValue();
            } else if (raw == long.class || raw == Long.class) {
                return whole(value, Long.MAX_VALUE);
            } else if (raw == int.class || raw == Integer.class) {
                return (int) whole(value, Integer.MAX_VALUE);
            } else if (raw.isEnum()) {
                return word(raw, value);
            }
            return read(raw.asSubclass(Record.class), object(value), rigour);
        }

        private long max(long otherwise) {
            return bounds == null || bounds.max() < 0 ? otherwise : bounds.max();
        }

        private String text(JsonValue value) {
            long max = rigour == Rigour.STRICT ? max(MAX_TEXT) : Integer.MAX_VALUE;
            if (value instanceof JsonString text && text.getString().length() <= max) {
                return text.getString();
            }
            throw invalid(name + " must be a string of at most " + max + " characters");
        }

        private boolean flag(JsonValue value) {
            if (value == JsonValue.TRUE || value == JsonValue.FALSE) {
                return value == JsonValue.TRUE;
            }
            throw invalid(name + " must be true or false");
        }

        private JsonNumber number(JsonValue value) {
            if (value instanceof JsonNumber number) {
                return number;
            }
            throw invalid(name + " must be a number");
        }

        private long whole(JsonValue value, long largest) {
            long min = bounds == null ? 0 : bounds.min();
            long max = max(largest);
            JsonNumber number = number(value);
            try {
                long whole = number.longValueExact();
                if (rigour == Rigour.FORGIVING || (whole >= min && whole <= max)) {
                    return whole;
                }
            } catch (ArithmeticException e) {
                // Below.
            }
            throw invalid(name + " must be a whole number from " + min + " to " + max);
        }

        private Object word(Class<?> type, JsonValue value) {
            for (Object constant : type.getEnumConstants()) {
                if (value instanceof JsonString text && text.getString().equals(wire((Enum<?>) constant))) {
                    return constant;
                }
            }
            throw invalid(name + " must be one of " + String.join(", ", words(type)));
        }

        private JsonObject object(JsonValue value) {
            if (value instanceof JsonObject object) {
                return object;
            }
            throw invalid(name + " must be an object");
        }

        private List<Object> list(Type element, JsonValue value) {
            long max = rigour == Rigour.STRICT ? max(MAX_LIST) : Integer.MAX_VALUE;
            if (!(value instanceof JsonArray array) || array.size() > max) {
                throw invalid(name + " must be a list of at most " + max);
            }
            Reading each = new Reading(name, null, rigour);
            List<Object> list = new ArrayList<>();
            array.forEach(one -> list.add(each.value(element, one)));
            return list;
        }
    }

    /** The words for an enumeration's constants. */
    static List<String> words(Class<?> type) {
        return Arrays.stream(type.getEnumConstants())
                .map(constant -> wire((Enum<?>) constant))
                .toList();
    }

    /** The word for one. */
    static String wire(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    static JsonObject write(Record record) {
        JsonObjectBuilder json = JsonRpcCodec.JSON.createObjectBuilder();
        components(record).forEach((component, value) -> {
            if (value instanceof Optional<?> optional) {
                optional.ifPresent(present -> json.add(component.getName(), json(present)));
            } else {
                json.add(component.getName(), json(value));
            }
        });
        return json.build();
    }

    /** In their order. */
    static Map<RecordComponent, Object> components(Record record) {
        Map<RecordComponent, Object> values = new LinkedHashMap<>();
        for (RecordComponent component : record.getClass().getRecordComponents()) {
            try {
                values.put(component, component.getAccessor().invoke(record));
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(component + " cannot be read", e);
            }
        }
        return values;
    }

    /** Of texts, flags, numbers, and maps and lists of such. */
    static JsonObject tree(Map<String, ?> tree) {
        return JsonRpcCodec.JSON
                .createObjectBuilder(new LinkedHashMap<String, Object>(tree))
                .build();
    }

    private static JsonValue json(Object value) {
        if (value instanceof String text) {
            return JsonRpcCodec.JSON.createValue(text);
        } else if (value instanceof Boolean flag) {
            return flag ? JsonValue.TRUE : JsonValue.FALSE;
        } else if (value instanceof Integer || value instanceof Long) {
            return JsonRpcCodec.JSON.createValue(((Number) value).longValue());
        } else if (value instanceof Double number) {
            return JsonRpcCodec.JSON.createValue(number);
        } else if (value instanceof Enum<?> constant) {
            return JsonRpcCodec.JSON.createValue(wire(constant));
        } else if (value instanceof Record record) {
            return write(record);
        } else if (value instanceof List<?> list) {
            JsonArrayBuilder array = JsonRpcCodec.JSON.createArrayBuilder();
            list.forEach(one -> array.add(json(one)));
            return array.build();
        } else if (value instanceof Map<?, ?> tree) {
            Map<String, Object> named = new LinkedHashMap<>();
            tree.forEach((name, one) -> named.put((String) name, one));
            return JsonRpcCodec.JSON.createObjectBuilder(named).build();
        }
        throw new IllegalStateException(value.getClass() + " has no JSON");
    }
}
