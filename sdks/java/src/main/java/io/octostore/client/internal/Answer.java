package io.octostore.client.internal;

import java.net.http.HttpHeaders;

/**
 * A whole answer.
 *
 * @param sentAt when its request was sent: no lease that it speaks of can have begun before
 */
public record Answer(int status, HttpHeaders headers, String text, Moment sentAt) {}
