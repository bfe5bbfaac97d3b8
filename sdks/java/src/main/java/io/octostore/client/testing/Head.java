package io.octostore.client.testing;

import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse.ResponseInfo;
import java.util.List;
import java.util.Map;

/** The status and headers of a response. */
record Head(int statusCode, String contentType) implements ResponseInfo {
    @Override
    public HttpHeaders headers() {
        return HttpHeaders.of(Map.of("content-type", List.of(contentType)), (name, value) -> true);
    }

    @Override
    public HttpClient.Version version() {
        return HttpClient.Version.HTTP_1_1;
    }
}
