/** HTTP, JSON and time, for the packages that are exported. Not for use by programs. */
package io.octostore.client.internal;
