/** Participants of rooms written in Java: what application code sees of pictures and sound. */
@NullMarked
package dev.noir.bot;

import org.jspecify.annotations.NullMarked;
