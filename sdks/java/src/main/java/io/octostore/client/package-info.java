/** The client of OctoStore. Begin with {@link io.octostore.client.OctoStoreClient}. */
package io.octostore.client;
