/** Finds out who somebody is: asks the server and its realm, verifies tokens, knows when that is over. */
@NullMarked
package dev.noir.auth;

import org.jspecify.annotations.NullMarked;
