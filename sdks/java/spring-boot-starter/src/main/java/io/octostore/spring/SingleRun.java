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
     * For how long no other replica runs the job after one has begun, even if it is done sooner. It must be more than
     * the clocks of the replicas differ, and less than the time between two runs.
     *
     * @return the shortest time for which the lock is held, 5 seconds by default
     */
    String atLeast() default "5s";

    /**
     * How long the lease lasts without a renewal, 1 second to 1 hour.
     *
     * @return the TTL, 60 seconds by default
     */
    String ttl() default "60s";
}
