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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
        HoldOptions options =
                HoldOptions.builder().ttl(values.duration(run.ttl())).build();
        String name = values.name(run.name(), call);
        LockHandle lock;
        try {
            lock = client.get().hold(name, options);
        } catch (LockHeldException held) {
            LOGGER.log(Level.DEBUG, "Skipped {0}: {1}", name, held.getMessage());
            return null;
        }
        runUnder(lock, values.duration(run.atLeast()), call);
        return null;
    }

    private static void runUnder(LockHandle lock, Duration atLeast, MethodInvocation call) throws Exception {
        long end = System.nanoTime() + atLeast.toNanos();
        try {
            CurrentLock.during(lock, call);
            if (lock.isLost()) throw new LockLostException(lock.name(), lossOf(lock), null);
        } finally {
            closeAt(end, lock);
        }
    }

    /** Other replicas may still be about to ask for the lock, so it is kept for a while. */
    private static void closeAt(long end, LockHandle lock) {
        long left = end - System.nanoTime();
        if (left <= 0 || lock.isLost()) lock.close();
        else CompletableFuture.delayedExecutor(left, TimeUnit.NANOSECONDS).execute(lock::close);
    }

    private static LostException lossOf(LockHandle lock) {
        return lock.lost().toCompletableFuture().join();
    }
}
