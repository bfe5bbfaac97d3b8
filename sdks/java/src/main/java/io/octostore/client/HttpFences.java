package io.octostore.client;

import io.octostore.client.internal.Attempt;
import io.octostore.client.internal.Caller;
import io.octostore.client.internal.Readers;
import io.octostore.client.internal.Repeat;
import io.octostore.client.internal.Request;
import io.octostore.client.model.Fence;
import java.util.Map;

/** The routes of fences. */
final class HttpFences implements Fences {
    private final Caller caller;

    HttpFences(Caller caller) {
        this.caller = caller;
    }

    @Override
    public Fence advance(String name, long fencingToken) {
        return compare(name, "advance", fencingToken);
    }

    @Override
    public Fence check(String name, long fencingToken) {
        return compare(name, "check", fencingToken);
    }

    @Override
    public Fence get(String name) {
        Checks.name(name);
        return caller.call(Attempt.of(Request.get(path(name)), Readers::fence), Repeat.SAFE);
    }

    private Fence compare(String name, String verb, long fencingToken) {
        Checks.name(name);
        Map<String, Object> body = Map.of("fencing_token", Checks.fencingToken(fencingToken));
        return caller.call(Attempt.of(Request.post(path(name) + "/" + verb, body), Readers::fence), Repeat.SAFE);
    }

    private static String path(String name) {
        return "/fences/" + Request.encoded(name);
    }
}
