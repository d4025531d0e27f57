/** The native media plane and its Java face; knows nothing of rooms, Jakarta or Redis. */
@NullMarked
package dev.noir.media;

import org.jspecify.annotations.NullMarked;
