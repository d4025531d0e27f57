package dev.noir.redis;

import dev.noir.eventlog.LogLimits;
import dev.noir.room.RoomDirectory;
import dev.noir.room.RoomId;
import dev.noir.webhook.WebhookStore;

/**
 * Every key, and nowhere else a key. The braces are hash tags: what one script touches lies in one slot of a Redis Cluster.
 * docs/cluster.md is the same table for administrators.
 */
final class RedisKeys {
    /** All there is. */
    static final String PREFIX = "noir/";

    /**
     * Sorted set: node id → when its life ends by Redis's clock, in ms. TTL: node TTL, put forward by every heartbeat. Writer:
     * heartbeat.lua and leave.lua of every node; reader: the same.
     */
    static final String NODE_BEATS = PREFIX + "{nodes}/beats";

    /** Hash: node id → what it says about itself, see {@link NodeRecord}. TTL, writer, reader: as {@link #NODE_BEATS}. */
    static final String NODE_INFO = PREFIX + "{nodes}/info";

    /**
     * String: since when, in ms by Redis's clock, there have been nodes without interruption; tells a store that came back
     * empty. TTL, writer, reader: as {@link #NODE_BEATS}.
     */
    static final String NODES_SINCE = PREFIX + "{nodes}/since";

    /**
     * Sorted set, all scores 0: names of rooms for which somebody has laid down options through noiR. No TTL. Writer, reader:
     * management on every node, see {@link RedisRoomPlans}.
     */
    static final String PLANS = PREFIX + "{plans}/rooms";

    /**
     * Sorted set: room → when something was about to be added to its log, in ms by Redis's clock. TTL: as {@link #log} of the last
     * one. Writer: hosts, by index.lua; reader: who delivers events.
     */
    static final String EVENT_ROOMS = PREFIX + "{events}/rooms";

    /** The same of rooms whose logs may be open. TTL, writer: as {@link #EVENT_ROOMS}; reader: every host, see open.lua. */
    static final String OPEN_ROOMS = PREFIX + "{events}/open";

    /** String: which life of a node delivers events to webhooks. TTL: {@link WebhookStore#LEAD_SECONDS}. Writer, reader: every node. */
    static final String WEBHOOK_LEAD = PREFIX + "{webhooks}/lead";

    /**
     * Hash: webhook → since when it is known, in ms, and whether its receiver is gone. TTL: twice that of a log, put forward by who
     * delivers. Writer, reader: who delivers.
     */
    static final String WEBHOOKS = PREFIX + "{webhooks}/known";

    /**
     * List: requests of management from other programs, the oldest at the right. TTL: as its writers like. Writer: they; reader: nodes
     * with {@code noir.admin.redis}, by take.lua.
     */
    static final String REQUESTS = PREFIX + "topic/router";

    private RedisKeys() {}

    /** List: replies to them, the oldest at the right. TTL: 25 s after the last. Writer: who has answered; reader: who has asked. */
    static String replies(String name) {
        return PREFIX + "topic/to-admin/" + name;
    }

    /** String, empty: a request with this signature has been taken. TTL: longer than one is good for. Writer, reader: who takes them. */
    static String seenRequest(String signature) {
        return PREFIX + "topic/seen/" + signature;
    }

    /** Hash: room → the last event that the webhook's receiver has had. TTL, writer, reader: as {@link #WEBHOOKS}. */
    static String webhookPositions(String webhook) {
        return PREFIX + "{webhooks}/positions/" + webhook;
    }

    /**
     * Stream: envelopes to one life of a node. TTL: {@link ClusterTimes#inboxTtl}, put forward by its reader every heartbeat
     * and by each envelope. Writer: the outboxes of all nodes; reader: that node's inbox.
     */
    static String inbox(String node, String incarnation) {
        return PREFIX + "node/{" + node + "}/inbox/" + incarnation;
    }

    /**
     * String: who hosts the room, see {@link LeaseSeal#lease}. TTL: {@link ClusterTimes#leaseTtl}.
     * Writer: the host, by claim.lua, renew.lua, reassert.lua and release.lua; reader: every node.
     */
    static String lease(RoomId room) {
        return PREFIX + "room/{" + tag(room) + "}/lease";
    }

    /**
     * String: the room's last epoch, see {@link LeaseSeal#epoch}, so that the next one is higher even when Redis's clock was set back. TTL: {@link
     * ClusterTimes#epochTtl} after the lease's end. Writer, reader: the scripts of {@link #lease}.
     */
    static String epoch(RoomId room) {
        return PREFIX + "room/{" + tag(room) + "}/epoch";
    }

    /**
     * String, empty: the room has ended and its name is not to be had yet. TTL: how long it is not. Writer: the host, by
     * release.lua; reader: claim.lua.
     */
    static String reserved(RoomId room) {
        return PREFIX + "room/{" + tag(room) + "}/reserved";
    }

    /**
     * String, JSON: what moderators have laid down for the open room, see {@link RoomStateJson}. TTL: {@link
     * RoomDirectory#STATE_TTL} after it was saved last. Writer: the host, by state.lua; reader: the host, when it opens the room.
     */
    static String state(RoomId room) {
        return PREFIX + "room/{" + tag(room) + "}/state";
    }

    /** String, JSON: who is not to come in. TTL: until the last ban ends. Writer, reader: as {@link #state}. */
    static String bans(RoomId room) {
        return PREFIX + "room/{" + tag(room) + "}/bans";
    }

    /**
     * String, JSON: what the room shall be like, see {@link RoomPlanJson}. TTL: as its writer likes; none when that is
     * noiR's management. Writer: management, or whoever arranges meetings; reader: the host, when it opens the room.
     */
    static String options(RoomId room) {
        return PREFIX + "room/{" + tag(room) + "}/options";
    }

    /**
     * Stream: the room's events; the number of each is the first part of its id. Length and TTL: {@link LogLimits}. Writer: the
     * host, by append.lua; reader: every node.
     */
    static String log(RoomId room) {
        return PREFIX + "room/{" + tag(room) + "}/log";
    }

    /**
     * Hash: how the room stands after the last event of its log, see {@link RollRecord}. TTL, writer: as {@link #log}; reader: the
     * host, when it opens the room.
     */
    static String roll(RoomId room) {
        return PREFIX + "room/{" + tag(room) + "}/roll";
    }

    /** Whether it must have a TTL. */
    static boolean isAlwaysMortal(String key) {
        return key.startsWith(PREFIX + "{nodes}/")
                || key.startsWith(PREFIX + "node/")
                || key.startsWith(PREFIX + "{events}/")
                || key.startsWith(PREFIX + "{webhooks}/")
                || key.startsWith(PREFIX + "topic/")
                || (key.startsWith(PREFIX + "room/") && !key.endsWith("}/options"));
    }

    /** A room's name may hold anything; a brace in it would end the hash tag early and split the room over two slots. */
    private static String tag(RoomId room) {
        return room.value().replace("%", "%25").replace("{", "%7B").replace("}", "%7D");
    }
}
