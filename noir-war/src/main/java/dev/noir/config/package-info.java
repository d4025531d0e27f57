/** Every setting of noiR, read once. */
@NullMarked
package dev.noir.config;

import org.jspecify.annotations.NullMarked;
