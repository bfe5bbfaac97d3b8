package io.octostore.client.internal;

/** The version of this library. */
public final class Version {
    public static final String NUMBER = "1.0.0";

    private Version() {}
}
