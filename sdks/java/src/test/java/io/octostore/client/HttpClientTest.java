package io.octostore.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.octostore.client.error.ValidationException;
import java.io.IOException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class HttpClientTest {
    private final List<String> asked = new CopyOnWriteArrayList<>();

    private final ProxySelector selector = new ProxySelector() {
        @Override
        public List<Proxy> select(URI uri) {
            asked.add(uri.getPath());
            return List.of(Proxy.NO_PROXY);
        }

        @Override
        public void connectFailed(URI uri, SocketAddress address, IOException error) {}
    };

    @Test
    void sendsTheRequests() {
        HttpClient http = HttpClient.newBuilder().proxy(selector).build();
        assertEquals("OK", OctoStoreClient.builder().httpClient(http).build().health());
        assertTrue(asked.contains("/health"));
    }

    @Test
    void mustNotFollowRedirects() {
        HttpClient http = HttpClient.newBuilder()
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        OctoStoreClientBuilder builder = OctoStoreClient.builder().httpClient(http);
        assertThrows(ValidationException.class, builder::build);
    }
}
