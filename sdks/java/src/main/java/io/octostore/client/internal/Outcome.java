package io.octostore.client.internal;

/** Whether an attempt of a call may have taken effect without our knowing. Not thread-safe. */
public final class Outcome {
    private boolean isUnknown;

    public boolean isUnknown() {
        return isUnknown;
    }

    void note(boolean attemptIsUnknown) {
        isUnknown |= attemptIsUnknown;
    }
}
