package io.octostore.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets one replica of the application run a method that all of them schedule with
 * {@link org.springframework.scheduling.annotation.Scheduled}. The replicas that do not get the lock at once skip the
 * run. The method must return {@code void}. Otherwise this is like {@link Locked}.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface SingleRun {
    /**
     * The name of the lock.
     *
     * @return the name
     */
    String name();

    /**
     * For how long no replica runs the job again after one has begun, even if it is done sooner, or its application has
     * ended: the server keeps the lock from everyone. It must be more than the clocks of the replicas differ, and less
     * than the time between two runs.
     *
     * @return the shortest time between two runs, at most 1 hour, 5 seconds by default
     */
    String atLeast() default "5s";

    /**
     * How long the lease lasts without a renewal, 1 second to 1 hour. If {@link #atLeast} is longer, that counts.
     *
     * @return the TTL, 60 seconds by default
     */
    String ttl() default "60s";
}
