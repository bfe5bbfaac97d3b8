package io.octostore.client.internal;

import io.octostore.client.error.AuthenticationException;
import io.octostore.client.error.CallInterruptedException;
import io.octostore.client.error.CallTimeoutException;
import io.octostore.client.error.LimitException;
import io.octostore.client.error.NetworkException;
import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.error.PermissionException;
import io.octostore.client.error.ServerException;
import io.octostore.client.error.UnavailableException;
import io.octostore.client.error.ValidationException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/** The kinds of failure, and how to react to each. */
public final class Failures {
    private static final int TOO_MANY_REQUESTS = 429;
    /** The codes of a 503 to a request that has had no effect. */
    private static final Set<String> NOTHING_DONE = Set.of("no_leader", "shutting_down");

    private Failures() {}

    /** The client's error for the failure of a future. */
    public static OctoStoreException of(Throwable error) {
        Throwable cause = unwrapped(error);
        if (cause instanceof OctoStoreException known) return known;
        if (cause instanceof NoAnswer none) return noAnswer(" to " + none.baseUrl(), unwrapped(none.getCause()));
        return noAnswer("", cause);
    }

    /** Whether to retry a call after this failure, apart from how many there were. */
    public static boolean mayRepeat(OctoStoreException error, Repeat repeat) {
        return isTransient(error) && (repeat != Repeat.UNSENT || wasWithoutEffect(error));
    }

    /** Whether the same request may well succeed a moment later. */
    static boolean isTransient(OctoStoreException error) {
        return error instanceof NetworkException
                || error instanceof CallTimeoutException
                || error instanceof UnavailableException
                || isNotUnderstood(error)
                || isTooManyRequests(error);
    }

    /** Whether another server may well answer the same request properly. */
    public static boolean isFaultOfServer(OctoStoreException error) {
        return error instanceof NetworkException
                || error instanceof CallTimeoutException
                || error instanceof UnavailableException
                || error instanceof ServerException;
    }

    /** Whether a later attempt can succeed without a change. */
    public static boolean canMend(OctoStoreException error) {
        return !(error instanceof AuthenticationException
                || error instanceof ValidationException
                || error instanceof PermissionException
                || error instanceof NotFoundException
                || error instanceof CallInterruptedException
                || (error instanceof LimitException && !isTooManyRequests(error)));
    }

    /** Whether the server may have done it without our knowing. */
    static boolean leavesUnknown(OctoStoreException error) {
        if (error instanceof NetworkException || error instanceof UnavailableException) return !wasWithoutEffect(error);
        return error instanceof CallTimeoutException
                || error instanceof CallInterruptedException
                || error instanceof ServerException;
    }

    /** Whether it is certain that the server has not begun with the request. */
    private static boolean wasWithoutEffect(OctoStoreException error) {
        if (error instanceof NetworkException network) return !network.wasSent();
        return error instanceof UnavailableException
                && error.code().filter(NOTHING_DONE::contains).isPresent();
    }

    private static OctoStoreException noAnswer(String toServer, Throwable cause) {
        if (cause instanceof TimeoutException) {
            String message =
                    toServer.isEmpty() ? cause.getMessage() : "the request" + toServer + " got " + cause.getMessage();
            return new CallTimeoutException(message);
        }
        String why = Optional.ofNullable(cause.getMessage()).orElse("no connection");
        String message = "the connection" + toServer + " failed: " + why;
        return new NetworkException(message, !(cause instanceof ConnectException), cause);
    }

    private static boolean isNotUnderstood(OctoStoreException error) {
        return error instanceof ServerException && error.status().orElse(0) / 100 == 2;
    }

    private static boolean isTooManyRequests(OctoStoreException error) {
        return error instanceof LimitException && error.status().orElse(0) == TOO_MANY_REQUESTS;
    }

    private static Throwable unwrapped(Throwable error) {
        boolean isWrapper = error instanceof CompletionException
                || error instanceof ExecutionException
                || error instanceof UncheckedIOException;
        return isWrapper && error.getCause() != null ? unwrapped(error.getCause()) : error;
    }
}
