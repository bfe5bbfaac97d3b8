/** The client for OctoStore. Start with {@link io.octostore.client.OctoStoreClient}. */
package io.octostore.client;
