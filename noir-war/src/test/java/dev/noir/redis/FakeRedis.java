package dev.noir.redis;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaError;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.Varargs;
import org.luaj.vm2.lib.VarArgFunction;
import org.luaj.vm2.lib.jse.JsePlatform;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.args.Rawable;

/**
 * A Redis of one server in memory, which runs our very scripts, under a clock that the test sets: keys run out by it, as they do
 * by that of a real one. Knows the commands that the scripts of leases and nodes use.
 */
final class FakeRedis implements RedisCommands {
    private record Entry(Object value, long endMillis) {}

    private static final long NEVER = Long.MAX_VALUE;

    // Given.
    private final LongSupplier millis;

    /** Called before each command or script. */
    Runnable beforeAny = () -> {};

    // State.
    private final Map<String, Entry> entries = new TreeMap<>();
    private final Map<LuaScript, LuaValue> loaded = new HashMap<>();
    private final Globals lua = JsePlatform.standardGlobals();

    /** @param millis its clock */
    FakeRedis(LongSupplier millis) {
        this.millis = millis;
        LuaTable redis = new LuaTable();
        redis.set("call", new VarArgFunction() {
            @Override
            public Varargs invoke(Varargs args) {
                return toLua(FakeRedis.this.call(words(args)));
            }
        });
        redis.set("pcall", new VarArgFunction() {
            @Override
            public Varargs invoke(Varargs args) {
                try {
                    return toLua(FakeRedis.this.call(words(args)));
                } catch (LuaError e) {
                    LuaTable error = new LuaTable();
                    error.set("err", e.getMessage());
                    return error;
                }
            }
        });
        lua.set("redis", redis);
        // Whole numbers without a fraction, which is all that the scripts format.
        lua.get("string").set("format", new VarArgFunction() {
            @Override
            public Varargs invoke(Varargs args) {
                return LuaValue.valueOf(String.valueOf((long) args.arg(2).todouble()));
            }
        });
    }

    @Override
    public boolean isOpen() {
        return true;
    }

    @Override
    public Object eval(RedisStore.Call call) {
        beforeAny.run();
        lua.set("KEYS", strings(call.keys()));
        lua.set("ARGV", strings(call.arguments()));
        LuaValue script = loaded.computeIfAbsent(call.script(), one -> lua.load(one.text()));
        return fromLua(script.call());
    }

    @Override
    public Optional<Object> run(String key, CommandArguments command) {
        beforeAny.run();
        List<String> words = new ArrayList<>();
        for (Rawable word : command) {
            words.add(new String(word.getRaw(), StandardCharsets.UTF_8));
        }
        return Optional.ofNullable(call(words)).map(FakeRedis::reply);
    }

    /** As an administrator or an attacker would. Null for nil. */
    Object ask(String... words) {
        return call(Arrays.asList(words));
    }

    /** Of those that are there. */
    List<String> keys() {
        return entries.keySet().stream().filter(key -> find(key) != null).toList();
    }

    /** The fields, or the members, or one for a string; for tests that write what once stood there. */
    Map<String, String> values(String key) {
        Object value = find(key);
        Map<String, String> values = new TreeMap<>();
        if (value instanceof Map<?, ?> map) {
            map.forEach((field, held) -> values.put(String.valueOf(field), String.valueOf(held)));
        } else if (value != null) {
            values.put("", String.valueOf(value));
        }
        return values;
    }

    private static List<String> words(Varargs args) {
        List<String> words = new ArrayList<>();
        for (int i = 1; i <= args.narg(); i++) {
            words.add(args.arg(i).tojstring());
        }
        return words;
    }

    private static LuaTable strings(List<String> texts) {
        LuaTable table = new LuaTable();
        for (int i = 0; i < texts.size(); i++) {
            table.set(i + 1, texts.get(i));
        }
        return table;
    }

    private static LuaValue toLua(Object reply) {
        if (reply == null) {
            return LuaValue.FALSE;
        }
        if (reply instanceof Long number) {
            return LuaValue.valueOf(number.doubleValue());
        }
        if (reply instanceof List<?> list) {
            LuaTable table = new LuaTable();
            for (int i = 0; i < list.size(); i++) {
                table.set(i + 1, toLua(list.get(i)));
            }
            return table;
        }
        return LuaValue.valueOf(String.valueOf(reply));
    }

    private static Object fromLua(LuaValue value) {
        if (value.istable()) {
            List<Object> list = new ArrayList<>();
            for (int i = 1; i <= value.length(); i++) {
                list.add(fromLua(value.get(i)));
            }
            return list;
        }
        return value.type() == LuaValue.TNUMBER ? (Object) (long) value.todouble() : reply(value.tojstring());
    }

    private static Object reply(Object value) {
        return value instanceof String text ? text.getBytes(StandardCharsets.UTF_8) : value;
    }

    private Object find(String key) {
        Entry entry = entries.get(key);
        if (entry != null && entry.endMillis <= millis.getAsLong()) {
            entries.remove(key);
            return null;
        }
        return entry == null ? null : entry.value;
    }

    private Object text(String key) {
        Object value = find(key);
        if (value instanceof Map<?, ?>) {
            throw new LuaError("WRONGTYPE Operation against a key holding the wrong kind of value");
        }
        return value;
    }

    private Object call(List<String> words) {
        String key = words.size() > 1 ? words.get(1) : "";
        return switch (words.get(0).toUpperCase(java.util.Locale.ROOT)) {
            case "TIME" -> time();
            case "GET" -> text(key);
            case "SET" -> set(words);
            case "DEL" -> entries.remove(key) == null ? 0L : 1L;
            case "EXISTS" -> find(key) == null ? 0L : 1L;
            case "PEXPIRE" -> expire(key, millis.getAsLong() + Long.parseLong(words.get(2)));
            case "PEXPIREAT" -> expire(key, Long.parseLong(words.get(2)));
            case "FLUSHALL" -> flush();
            case "HGET" -> map(key).get(words.get(2));
            case "HSET", "ZADD" -> put(words);
            case "HDEL", "ZREM" -> remove(key, words.get(2));
            case "ZRANGE" -> byScore(key, Double.POSITIVE_INFINITY, true);
            case "ZRANGEBYSCORE" -> byScore(key, Double.parseDouble(words.get(3)), false);
            default -> throw new LuaError("unknown command " + words);
        };
    }

    private List<Object> time() {
        long now = millis.getAsLong();
        return List.of(String.valueOf(now / 1000), String.valueOf(now % 1000 * 1000));
    }

    private Object set(List<String> words) {
        boolean onlyIfMissing = words.contains("NX");
        if (onlyIfMissing && find(words.get(1)) != null) {
            return null;
        }
        int ttl = words.indexOf("PX");
        long end = ttl < 0 ? NEVER : millis.getAsLong() + Long.parseLong(words.get(ttl + 1));
        entries.put(words.get(1), new Entry(words.get(2), end));
        return "OK";
    }

    private Long expire(String key, long endMillis) {
        Object value = find(key);
        if (value == null) {
            return 0L;
        }
        entries.put(key, new Entry(value, endMillis));
        return 1L;
    }

    private String flush() {
        entries.clear();
        return "OK";
    }

    @SuppressWarnings("unchecked")
    private Map<String, String> map(String key) {
        Object value = find(key);
        return value == null ? new TreeMap<>() : (Map<String, String>) value;
    }

    /** Of a hash field and value; of a sorted set score and member. */
    private Long put(List<String> words) {
        boolean hash = words.get(0).equalsIgnoreCase("HSET");
        Map<String, String> map = map(words.get(1));
        String field = words.get(hash ? 2 : 3);
        Long added = map.put(field, words.get(hash ? 3 : 2)) == null ? 1L : 0L;
        Entry before = entries.get(words.get(1));
        entries.put(words.get(1), new Entry(map, before == null ? NEVER : before.endMillis));
        return added;
    }

    private Long remove(String key, String field) {
        Map<String, String> map = map(key);
        Long removed = map.remove(field) == null ? 0L : 1L;
        if (map.isEmpty()) {
            entries.remove(key);
        }
        return removed;
    }

    private List<Object> byScore(String key, double highest, boolean withScores) {
        List<Object> found = new ArrayList<>();
        map(key).entrySet().stream()
                .filter(member -> Double.parseDouble(member.getValue()) <= highest)
                .sorted(Comparator.comparingDouble(member -> Double.parseDouble(member.getValue())))
                .forEach(member -> {
                    found.add(member.getKey());
                    if (withScores) {
                        found.add(member.getValue());
                    }
                });
        return found;
    }
}
