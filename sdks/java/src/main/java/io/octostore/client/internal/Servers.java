package io.octostore.client.internal;

import java.util.ArrayList;
import java.util.List;

/** The URLs at which a client reaches the service, and the one that it uses now. All calls of the client share this. */
public final class Servers {
    private final List<String> urls;
    private volatile String current;

    /** @param urls without trailing slashes, each once; the client begins with the first */
    public Servers(List<String> urls) {
        this.urls = List.copyOf(urls);
        this.current = urls.get(0);
    }

    public List<String> urls() {
        return urls;
    }

    public String current() {
        return current;
    }

    /** All URLs, the current one first. */
    List<String> fromCurrent() {
        int at = urls.indexOf(current);
        List<String> all = new ArrayList<>(urls.subList(at, urls.size()));
        all.addAll(urls.subList(0, at));
        return all;
    }

    /** A server that works is kept. */
    public synchronized void keep(String url) {
        current = url;
    }

    /** Goes on with the next server after one that does not work, unless another call has done so already. */
    public synchronized void leave(String url) {
        if (url.equals(current)) current = urls.get((urls.indexOf(url) + 1) % urls.size());
    }
}
