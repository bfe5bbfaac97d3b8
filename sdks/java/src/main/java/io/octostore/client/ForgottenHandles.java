package io.octostore.client;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.ref.Cleaner;

/** Warns and stops renewing when a handle is garbage-collected while its keeper still works. */
final class ForgottenHandles {
    private static final Logger LOGGER = System.getLogger("io.octostore.client");
    private static final Cleaner CLEANER = Cleaner.create(task -> {
        Thread thread = new Thread(task, "octostore-cleaner");
        thread.setDaemon(true);
        return thread;
    });

    private ForgottenHandles() {}

    /** @param keeper must not refer to the handle */
    static void expectEnd(Handle handle, Keeper keeper) {
        CLEANER.register(handle, () -> abandon(keeper));
    }

    private static void abandon(Keeper keeper) {
        if (!keeper.abandon()) return;
        LOGGER.log(
                Level.WARNING,
                "The handle of " + keeper.what()
                        + " was garbage-collected without being closed, so it is no longer renewed. Close each handle.");
    }
}
