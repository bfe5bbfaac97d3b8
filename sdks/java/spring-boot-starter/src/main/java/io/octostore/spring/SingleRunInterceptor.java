package io.octostore.spring;

import io.octostore.client.HoldOptions;
import io.octostore.client.LockHandle;
import io.octostore.client.OctoStoreClient;
import io.octostore.client.error.LockHeldException;
import io.octostore.client.error.LockLostException;
import io.octostore.client.error.LostException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Runs the methods with {@link SingleRun}, or skips them. */
final class SingleRunInterceptor implements MethodInterceptor {
    private static final Logger LOGGER = System.getLogger("io.octostore.spring");

    private final Supplier<OctoStoreClient> client;
    private final AnnotationValues values;

    SingleRunInterceptor(Supplier<OctoStoreClient> client, AnnotationValues values) {
        this.client = client;
        this.values = values;
    }

    @Override
    public Object invoke(MethodInvocation call) throws Exception {
        SingleRun run = AnnotatedElementUtils.findMergedAnnotation(call.getMethod(), SingleRun.class);
        if (run == null || call.getMethod().getReturnType() != void.class) {
            throw new IllegalStateException("A method with @SingleRun must return void: " + call.getMethod());
        }
        LockHandle lock;
        String name = values.name(run.name(), call);
        try {
            lock = client.get().hold(name, options(run));
        } catch (LockHeldException held) {
            LOGGER.log(Level.DEBUG, "Skipped {0}: {1}", name, held.getMessage());
            return null;
        }
        try (lock) {
            CurrentLock.during(lock, call);
            if (lock.isLost()) throw new LockLostException(lock.name(), lossOf(lock), null);
        }
        return null;
    }

    /**
     * Other replicas may still be about to ask for the lock when the run is over, so the server keeps it for a while.
     * It does so for no longer than the lease was granted for.
     */
    private HoldOptions options(SingleRun run) {
        Duration minHold = inWholeSeconds(values.duration(run.atLeast()));
        Duration ttl = values.duration(run.ttl());
        return HoldOptions.builder()
                .ttl(minHold.compareTo(ttl) > 0 ? minHold : ttl)
                .minHold(minHold)
                .build();
    }

    private static Duration inWholeSeconds(Duration duration) {
        return duration.getNano() == 0 ? duration : Duration.ofSeconds(duration.toSeconds() + 1);
    }

    private static LostException lossOf(LockHandle lock) {
        return lock.lost().toCompletableFuture().join();
    }
}
