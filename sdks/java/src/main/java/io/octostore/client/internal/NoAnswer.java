package io.octostore.client.internal;

import java.io.IOException;

/** A request got no answer. The cause says why. */
final class NoAnswer extends IOException {
    private static final long serialVersionUID = 1L;

    private final String baseUrl;

    NoAnswer(String baseUrl, Throwable cause) {
        super(cause);
        this.baseUrl = baseUrl;
    }

    /** The server that was asked. */
    String baseUrl() {
        return baseUrl;
    }
}
