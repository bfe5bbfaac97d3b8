package io.octostore.client;

import io.octostore.client.error.OctoStoreException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Something that has happened to a lock or session that a client holds. It has neither a lease id nor a token.
 *
 * @param type what has happened
 * @param locks names of the locks, if it is about locks
 * @param sessionId id of the session, if it is about a session
 * @param fencingToken token of the grant, if it is about locks
 * @param error why a renewal or a release has failed, or why it is lost
 */
public record HandleEvent(
        Type type,
        List<String> locks,
        Optional<String> sessionId,
        OptionalLong fencingToken,
        Optional<OctoStoreException> error) {
    /** What can happen. */
    public enum Type {
        /** It was acquired or opened. */
        ACQUIRED,
        /** It was renewed or kept alive. */
        RENEWED,
        /** An attempt to renew it has failed. Others follow until it is lost. */
        RENEWAL_FAILED,
        /** It is lost. */
        LOST,
        /** It was closed. */
        RELEASED;

        /** {@return the name that all OctoStore SDKs have for it, such as {@code renewal_failed}} */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
