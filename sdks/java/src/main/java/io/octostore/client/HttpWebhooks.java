package io.octostore.client;

import io.octostore.client.internal.Attempt;
import io.octostore.client.internal.Caller;
import io.octostore.client.internal.Fields;
import io.octostore.client.internal.Readers;
import io.octostore.client.internal.Repeat;
import io.octostore.client.internal.Request;
import io.octostore.client.model.Deliveries;
import io.octostore.client.model.Delivery;
import io.octostore.client.model.Webhook;
import java.util.List;

/** The routes of webhooks. */
final class HttpWebhooks implements Webhooks {
    private final Caller caller;

    HttpWebhooks(Caller caller) {
        this.caller = caller;
    }

    @Override
    public Webhook create(NewWebhook webhook) {
        Request request = Request.post("/webhooks", webhook.body());
        return caller.call(Attempt.of(request, Readers::webhook), Repeat.UNSENT);
    }

    @Override
    public List<Webhook> list() {
        Attempt<List<Webhook>> attempt =
                new Attempt<>(() -> Request.get("/webhooks"), text -> Fields.parseList(text, Readers::webhook));
        return caller.call(attempt, Repeat.SAFE);
    }

    @Override
    public void delete(String id) {
        caller.call(Attempt.ofNothing(Request.delete(path(id))), Repeat.UNTIL_GONE);
    }

    @Override
    public Deliveries deliveries(String id) {
        return deliveries(id, "");
    }

    @Override
    public Deliveries deliveries(String id, int limit, long before) {
        return deliveries(id, "?limit=" + limit + "&before=" + before);
    }

    @Override
    public Delivery redeliver(String id, String deliveryId) {
        Request request = Request.post(path(id) + "/deliveries/" + Request.encoded(deliveryId) + "/redeliver");
        return caller.call(Attempt.of(request, Readers::delivery), Repeat.UNSENT);
    }

    private Deliveries deliveries(String id, String query) {
        Request request = Request.get(path(id) + "/deliveries" + query);
        return caller.call(Attempt.of(request, Readers::deliveries), Repeat.SAFE);
    }

    private static String path(String id) {
        return "/webhooks/" + Request.encoded(id);
    }
}
