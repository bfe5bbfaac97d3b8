package io.octostore.client.internal;

import java.net.http.HttpClient;

/** An HTTP client whose servers have a time of their own, which its users keep to. For tests. */
public abstract class TimedHttpClient extends HttpClient {
    public abstract Timeline timeline();
}
