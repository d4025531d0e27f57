package dev.noir.admin;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What a component of a command's record is, for documents, and what is taken for it. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Member {
    /** For people. */
    String value();

    /** Of a number. */
    long min() default 0;

    /** Of a number; of a text in characters; of a list in elements. */
    long max() default -1;

    /** Not for the log. */
    boolean secret() default false;
}
