/** The errors of the client: {@link io.octostore.client.error.OctoStoreException} and its subclasses, all unchecked. */
package io.octostore.client.error;
