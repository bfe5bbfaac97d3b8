/** The server's responses, as immutable values. Instants are by the server's clock. */
package io.octostore.client.model;
