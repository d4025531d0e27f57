/** The way of a client to its room, whichever node hosts it, and of other nodes' clients to rooms of this one. */
@NullMarked
package dev.noir.route;

import org.jspecify.annotations.NullMarked;
