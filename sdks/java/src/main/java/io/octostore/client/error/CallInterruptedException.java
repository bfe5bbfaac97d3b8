package io.octostore.client.error;

/**
 * The thread was interrupted while it waited for the client. The call was cancelled, but the server may have done it
 * anyway. The thread's interrupt flag is set when this is thrown.
 */
public final class CallInterruptedException extends OctoStoreException {
    private static final long serialVersionUID = 1L;

    /** An interrupted wait. */
    public CallInterruptedException() {
        super("the thread was interrupted while it waited", ErrorFacts.NONE, null);
    }
}
