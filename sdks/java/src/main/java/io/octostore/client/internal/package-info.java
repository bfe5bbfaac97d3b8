/** HTTP, JSON and time, for the exported packages. Not for use by programs. */
package io.octostore.client.internal;
