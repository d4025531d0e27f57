package dev.noir.room;

import dev.noir.access.Entrance;
import dev.noir.access.Invitations;
import dev.noir.access.TakenName;
import java.time.InstantSource;

/**
 * Who may come into the rooms of this node.
 *
 * @param taken what becomes of an anonymous caller who wants another's name
 * @param invitations for who is sent to another room
 * @param clock the time of day, for bans
 */
public record RoomAccess(Entrance entrance, TakenName taken, Invitations invitations, InstantSource clock) {}
