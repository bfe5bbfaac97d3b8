package io.octostore.client;

import io.octostore.client.error.CallInterruptedException;
import io.octostore.client.error.OctoStoreException;

/** A session that is kept alive in the background until it is ended or lost. All locks held in it end with it. */
public interface SessionHandle extends Handle {
    /** {@return the id of the session, a UUID} */
    String sessionId();

    /**
     * Ends the session and releases its locks, in no more time than what is left of it. Doing so again does nothing,
     * and it is not an error if the session was already lost.
     *
     * @throws OctoStoreException if the server cannot be reached; the session then expires on its own
     * @throws CallInterruptedException if the thread is interrupted; the session is still ended in the background
     */
    void end();
}
