/**
 * What a participant shows and says, on its way out of the room: to a server of RTMP or to players of HLS, by a program
 * that is fed with encoded frames and looked after. docs/restreaming.md.
 */
@NullMarked
package dev.noir.restreaming;

import org.jspecify.annotations.NullMarked;
