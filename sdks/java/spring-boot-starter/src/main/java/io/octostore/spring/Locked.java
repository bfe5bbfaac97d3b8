package io.octostore.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Runs each call of a method of a bean under a lock, outside of any transaction of the method. {@link CurrentLock#get}
 * returns the lock meanwhile. If someone else still holds the lock when the wait is over, the call throws
 * {@link io.octostore.client.error.LockHeldException}.
 *
 * <p>All values can have placeholders such as {@code ${reports.ttl}}. Like other annotations of Spring, it has no
 * effect on calls from within the bean. Methods that return futures or publishers are refused, because they return
 * before the work is done.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Locked {
    /**
     * The name of the lock. It can have expressions over the parameters of the method, such as {@code orders/#{#id}}.
     *
     * @return the name
     */
    String name();

    /**
     * How long to wait in line if someone else holds the lock, such as {@code 10s}.
     *
     * @return the longest wait, zero by default
     */
    String waitAtMost() default "0s";

    /**
     * How long the lease lasts without a renewal, 1 second to 1 hour. It is renewed every third of that.
     *
     * @return the TTL, 60 seconds by default
     */
    String ttl() default "60s";
}
