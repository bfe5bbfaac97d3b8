package io.octostore.client.internal;

import java.net.http.HttpHeaders;

/**
 * A complete response.
 *
 * @param sentAt when the request was sent; no lease in the response can have begun earlier
 */
public record Answer(int status, HttpHeaders headers, String text, Moment sentAt) {}
