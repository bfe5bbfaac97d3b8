/**
 * What the client throws: {@link io.octostore.client.error.OctoStoreException} and its kinds, all of them unchecked.
 */
package io.octostore.client.error;
