package io.octostore.client;

/** One period of leading. */
public interface Leadership {
    /** {@return the lock that makes this process the leader} */
    LockHandle lock();

    /** {@return whether the leader must stop, because the lock is lost or the election has been stopped} */
    boolean mustStop();
}
