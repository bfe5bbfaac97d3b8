/**
 * An OctoStore server in memory, for the unit tests of your program: {@link io.octostore.client.testing.FakeOctoStore}.
 * Nothing else in the library uses this package.
 */
package io.octostore.client.testing;
