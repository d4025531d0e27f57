package dev.noir.redis;

import dev.noir.eventlog.LogLimits;
import dev.noir.room.RoomId;
import dev.noir.webhook.WebhookStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.CommandArguments;
import redis.clients.jedis.Protocol;

/** In one slot, so that nobody writes how far he is who does not deliver any more. Thread: any; blocks. */
final class RedisWebhookStore implements WebhookStore {
    private static final Long DONE = 1L;
    private static final String GONE = " gone";
    private static final String LEAD_MILLIS =
            Long.toString(Duration.ofSeconds(LEAD_SECONDS).toMillis());

    // Given.
    private final EventQueries redis;
    private final String self;
    private final String ttl;

    /** @param incarnation of this node */
    RedisWebhookStore(RedisLookups redis, String incarnation, LogLimits limits) {
        this.redis = new EventQueries(redis);
        this.self = incarnation;
        this.ttl = Long.toString(limits.keep().multipliedBy(2).toMillis());
    }

    @Override
    public boolean lead() {
        return lead(LEAD_MILLIS);
    }

    @Override
    public void resign() {
        lead("0");
    }

    private boolean lead(String millis) {
        return DONE.equals(redis.ask(new RedisStore.Call(
                LuaScript.LEAD, List.of(RedisKeys.WEBHOOK_LEAD, RedisKeys.WEBHOOKS), List.of(self, millis, ttl))));
    }

    @Override
    public Registration register(String webhook) {
        return registration(webhook, "");
    }

    @Override
    public void disable(String webhook) {
        registration(webhook, GONE);
    }

    private Registration registration(String webhook, String more) {
        String known = RedisStore.text(redis.ask(
                new RedisStore.Call(LuaScript.REGISTER, List.of(RedisKeys.WEBHOOKS), List.of(webhook, more, ttl))));
        String since = known.endsWith(GONE) ? known.substring(0, known.length() - GONE.length()) : known;
        return new Registration(Instant.ofEpochMilli(Long.parseLong(since)), known.endsWith(GONE));
    }

    @Override
    public Map<RoomId, Position> positions(String webhook) {
        String key = RedisKeys.webhookPositions(webhook);
        List<?> fields =
                (List<?>) redis.ask(new RedisLane.Plain(key, new CommandArguments(Protocol.Command.HGETALL).add(key)));
        Map<RoomId, Position> positions = new HashMap<>();
        for (int i = 0; i + 1 < fields.size(); i += 2) {
            String[] parts = RedisStore.text(fields.get(i + 1)).split(" ", 2);
            positions.put(
                    new RoomId(RedisStore.text(fields.get(i))),
                    new Position(Long.parseLong(parts[0]), Instant.ofEpochMilli(Long.parseLong(parts[1]))));
        }
        return positions;
    }

    @Override
    public boolean advance(String webhook, RoomId room, Position position) {
        return write(webhook, room, position.number() + " " + position.time().toEpochMilli());
    }

    @Override
    public void forget(String webhook, RoomId room) {
        write(webhook, room, "");
    }

    private boolean write(String webhook, RoomId room, String position) {
        return DONE.equals(redis.ask(new RedisStore.Call(
                LuaScript.ADVANCE,
                List.of(RedisKeys.WEBHOOK_LEAD, RedisKeys.webhookPositions(webhook)),
                List.of(self, ttl, room.value(), position))));
    }
}
