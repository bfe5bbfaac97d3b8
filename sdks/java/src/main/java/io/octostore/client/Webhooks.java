package io.octostore.client;

import io.octostore.client.error.NotFoundException;
import io.octostore.client.error.OctoStoreException;
import io.octostore.client.error.ValidationException;
import io.octostore.client.model.Deliveries;
import io.octostore.client.model.Delivery;
import io.octostore.client.model.Webhook;
import java.util.List;

/** The user's webhooks. All methods throw an {@link OctoStoreException} if they fail. */
public interface Webhooks {
    /**
     * Creates a webhook. Each user can have ten.
     *
     * @param webhook the webhook to create
     * @return the webhook that was created
     * @throws ValidationException if the server does not accept it
     */
    Webhook create(NewWebhook webhook);

    /** {@return all webhooks of the user} */
    List<Webhook> list();

    /**
     * Deletes a webhook.
     *
     * @param id id of the webhook
     * @throws NotFoundException if there is none
     */
    void delete(String id);

    /**
     * The deliveries of the latest events.
     *
     * @param id id of the webhook
     * @return the first page of deliveries, at most 50
     * @throws NotFoundException if there is no such webhook
     */
    Deliveries deliveries(String id);

    /**
     * The deliveries of earlier events.
     *
     * @param id id of the webhook
     * @param limit the maximum number of deliveries, 1 to 100
     * @param before the {@code nextBefore} of the previous page
     * @return a later page of deliveries
     * @throws NotFoundException if there is no such webhook
     */
    Deliveries deliveries(String id, int limit, long before);

    /**
     * Sends a delivery again.
     *
     * @param id id of the webhook
     * @param deliveryId id of the delivery
     * @return the delivery as it is now
     * @throws NotFoundException if there is no such webhook or delivery
     */
    Delivery redeliver(String id, String deliveryId);
}
