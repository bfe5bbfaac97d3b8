package io.octostore.client.error;

/** A lock was lost while {@code withLock} held it. The function itself did not fail. The cause says why it was lost. */
public final class LockLostException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    private final String lock;
    private final transient Object result;

    /**
     * A loss during a block.
     *
     * @param lock the name of the lock
     * @param cause why it was lost
     * @param result what the function returned, or null
     */
    public LockLostException(String lock, LostException cause, Object result) {
        super(
                cause.getMessage() + ". This was while its block ran, so someone else may have held it meanwhile.",
                ErrorFacts.of(cause),
                cause);
        this.lock = lock;
        this.result = result;
    }

    /** {@return the name of the lock} */
    public String lock() {
        return lock;
    }

    /** {@return what the function returned, which may be null; always null after serialization} */
    public Object result() {
        return result;
    }
}
