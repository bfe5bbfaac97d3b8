package io.octostore.client;

import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.error.ValidationException;
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

/** The user's webhooks. All methods throw an {@link OctoStoreException} if they fail. */
public final class Webhooks {
    private final Caller caller;

    Webhooks(Caller caller) {
        this.caller = caller;
    }

    /**
     * Creates a webhook. Each user can have ten.
     *
     * @param webhook the webhook to create
     * @return the webhook that was created
     * @throws ValidationException if the server does not accept it
     */
    public Webhook create(NewWebhook webhook) {
        Request request = Request.post("/webhooks", webhook.body());
        return caller.call(Attempt.of(request, Readers::webhook), Repeat.UNSENT);
    }

    /** {@return all webhooks of the user} */
    public List<Webhook> list() {
        Attempt<List<Webhook>> attempt =
                new Attempt<>(() -> Request.get("/webhooks"), text -> Fields.parseList(text, Readers::webhook));
        return caller.call(attempt, Repeat.SAFE);
    }

    /**
     * Deletes a webhook.
     *
     * @param id id of the webhook
     * @throws NotFoundException if there is none
     */
    public void delete(String id) {
        caller.call(Attempt.ofNothing(Request.delete(path(id))), Repeat.UNTIL_GONE);
    }

    /**
     * The deliveries of the latest events.
     *
     * @param id id of the webhook
     * @return the first page of deliveries, at most 50
     * @throws NotFoundException if there is no such webhook
     */
    public Deliveries deliveries(String id) {
        return deliveries(id, "");
    }

    /**
     * The deliveries of earlier events.
     *
     * @param id id of the webhook
     * @param limit the maximum number of deliveries, 1 to 100
     * @param before the {@code nextBefore} of the previous page
     * @return a later page of deliveries
     * @throws NotFoundException if there is no such webhook
     */
    public Deliveries deliveries(String id, int limit, long before) {
        return deliveries(id, "?limit=" + limit + "&before=" + before);
    }

    /**
     * Sends a delivery again.
     *
     * @param id id of the webhook
     * @param deliveryId id of the delivery
     * @return the delivery as it is now
     * @throws NotFoundException if there is no such webhook or delivery
     */
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
