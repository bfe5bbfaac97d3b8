package io.octostore.client.internal;

/** The server sent something unexpected. Does not quote it: a proxy's error page could contain anything. */
public final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedException(String message) {
        super(message);
    }
}
