package io.octostore.spring;

import io.octostore.client.HoldOptions;
import io.octostore.client.OctoStoreClient;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** Runs the methods with {@link Locked}. */
final class LockedInterceptor implements MethodInterceptor {
    private final Supplier<OctoStoreClient> client;
    private final AnnotationValues values;

    LockedInterceptor(Supplier<OctoStoreClient> client, AnnotationValues values) {
        this.client = client;
        this.values = values;
    }

    @Override
    public Object invoke(MethodInvocation call) throws Exception {
        refuseUnfinished(call);
        Locked locked = AnnotatedElementUtils.findMergedAnnotation(call.getMethod(), Locked.class);
        if (locked == null) throw new IllegalStateException("The method has no @Locked: " + call.getMethod());
        HoldOptions options = HoldOptions.builder()
                .ttl(values.duration(locked.ttl()))
                .waitAtMost(values.duration(locked.waitAtMost()))
                .build();
        return client.get().withLock(values.name(locked.name(), call), options, lock -> CurrentLock.during(lock, call));
    }

    private static void refuseUnfinished(MethodInvocation call) {
        Class<?> result = call.getMethod().getReturnType();
        if (CompletionStage.class.isAssignableFrom(result)
                || Future.class.isAssignableFrom(result)
                || ReactiveAdapterRegistry.getSharedInstance().getAdapter(result) != null) {
            throw new IllegalStateException("The lock of " + call.getMethod()
                    + " would be released before its work is done. Return the result itself.");
        }
    }
}
