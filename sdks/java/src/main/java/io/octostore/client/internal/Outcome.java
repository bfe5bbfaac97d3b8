package io.octostore.client.internal;

/** Whether an attempt of a call may have taken effect without our knowing. Belongs to one thread. */
public final class Outcome {
    private boolean isUnknown;

    public boolean isUnknown() {
        return isUnknown;
    }

    void note(boolean attemptIsUnknown) {
        isUnknown |= attemptIsUnknown;
    }
}
