package io.octostore.client.testing;

import java.util.HashMap;
import java.util.Map;

/** The fences of the fake server. */
final class FakeFences {
    private final FakeState state;
    private final Map<String, Long> highest = new HashMap<>();

    FakeFences(FakeState state) {
        this.state = state;
    }

    Reply get(String name) {
        return Reply.of(Map.of("name", name, "highest", highest(name)));
    }

    /** @param advances whether the fence remembers the token */
    Reply compare(String name, long token, boolean advances) {
        if (token < highest(name)) {
            Map<String, Object> more = Map.of("highest", highest(name));
            return Reply.error(409, "stale_fencing_token", "The fence has seen a higher fencing token.", more);
        }
        if (advances) highest.put(name, token);
        return get(name);
    }

    private long highest(String name) {
        return highest.getOrDefault(name, 0L);
    }
}
