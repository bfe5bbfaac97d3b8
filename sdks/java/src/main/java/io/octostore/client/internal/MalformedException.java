package io.octostore.client.internal;

/** What the server sent is not what was to be expected. Quotes nothing of it: a page of a proxy may hold anything. */
public final class MalformedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedException(String message) {
        super(message);
    }
}
