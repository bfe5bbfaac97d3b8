package io.octostore.client.model;

/**
 * What a fence has seen.
 *
 * @param name name of the fence
 * @param highest the highest fencing token; 0 if it has seen none
 */
public record Fence(String name, long highest) {}
