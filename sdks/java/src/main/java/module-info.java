/** The client for OctoStore: distributed locks, leader election and sessions over HTTP, with fencing tokens. */
module io.octostore.client {
    requires transitive java.net.http;
    requires com.fasterxml.jackson.jr.ob;

    exports io.octostore.client;
    exports io.octostore.client.error;
    exports io.octostore.client.model;
    exports io.octostore.client.testing;
}
