package dev.noir.room;

import dev.noir.access.OwnPolicy;
import dev.noir.access.PasswordHash;
import dev.noir.access.RoomHashes;
import java.time.Duration;
import java.util.Optional;

/**
 * What somebody has laid down for a room before anybody is in it, or while it is open; what is empty is as by default. Immutable.
 *
 * @param title for people
 * @param maxPeers as in {@link RoomOptions}, like the others
 * @param joinPassword in the place of the policy's
 * @param publishPassword in the place of the policy's
 * @param policy laid over the file's
 * @param record whether the room is recorded from its first peer on
 */
public record RoomPlan(
        Optional<String> title,
        Optional<Integer> maxPeers,
        Optional<Integer> maxPublishers,
        Optional<Duration> maxAge,
        Optional<Duration> reserve,
        Optional<Boolean> channel,
        Optional<PasswordHash> joinPassword,
        Optional<PasswordHash> publishPassword,
        Optional<OwnPolicy> policy,
        Optional<Boolean> record) {
    /** Nothing in particular. */
    public static final RoomPlan NONE = new RoomPlan(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());

    /** What the other one has, and where that is empty what this one has. */
    public RoomPlan with(RoomPlan change) {
        return new RoomPlan(
                change.title.or(() -> title),
                change.maxPeers.or(() -> maxPeers),
                change.maxPublishers.or(() -> maxPublishers),
                change.maxAge.or(() -> maxAge),
                change.reserve.or(() -> reserve),
                change.channel.or(() -> channel),
                change.joinPassword.or(() -> joinPassword),
                change.publishPassword.or(() -> publishPassword),
                change.policy.or(() -> policy),
                change.record.or(() -> record));
    }

    /** With these passwords and no others. */
    public RoomPlan withPasswords(Optional<PasswordHash> join, Optional<PasswordHash> publish) {
        return new RoomPlan(title, maxPeers, maxPublishers, maxAge, reserve, channel, join, publish, policy, record);
    }

    /** With this policy of its own, or none. */
    public RoomPlan withPolicy(Optional<OwnPolicy> own) {
        return new RoomPlan(
                title, maxPeers, maxPublishers, maxAge, reserve, channel, joinPassword, publishPassword, own, record);
    }

    /** What holds in a room of this plan. */
    public RoomOptions over(RoomOptions defaults) {
        return new RoomOptions(
                title.orElse(defaults.title()),
                maxPeers.orElse(defaults.maxPeers()),
                maxPublishers.orElse(defaults.maxPublishers()),
                maxAge.orElse(defaults.maxAge()),
                reserve.orElse(defaults.reserve()),
                channel.orElse(defaults.channel()),
                new RoomHashes(joinPassword, publishPassword).orElse(defaults.passwords()),
                policy.orElse(defaults.policy()),
                record.or(defaults::record));
    }
}
