package io.octostore.client.testing;

import io.octostore.client.internal.Json;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** What the fake server answers. */
record Reply(int status, String text) {
    static Reply of(Map<String, Object> body) {
        return new Reply(200, Json.write(body));
    }

    static Reply created(Map<String, Object> body) {
        return new Reply(201, Json.write(body));
    }

    static Reply nothing() {
        return new Reply(204, "");
    }

    static Reply error(int status, String code, String sentence) {
        return error(status, code, sentence, Map.of());
    }

    static Reply error(int status, String code, String sentence, Map<String, Object> more) {
        Map<String, Object> body = new HashMap<>(more);
        body.put("error", sentence);
        body.put("code", code);
        body.put("request_id", UUID.randomUUID().toString());
        return new Reply(status, Json.write(body));
    }

    static Reply lockNotFound() {
        return error(404, "lock_not_found", "You do not hold this lock under this lease.");
    }
}
