/** Health and what an administrator may see. */
@NullMarked
package dev.noir.admin;

import org.jspecify.annotations.NullMarked;
