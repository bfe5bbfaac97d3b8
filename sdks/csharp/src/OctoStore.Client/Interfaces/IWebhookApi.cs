using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>The calls for webhooks. <see cref="WebhookApi"/> is the real one.</summary>
public interface IWebhookApi
{
    /// <inheritdoc cref="WebhookApi.CreateAsync"/>
    Task<Webhook> CreateAsync(NewWebhook webhook, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="WebhookApi.ListAsync"/>
    Task<IReadOnlyList<Webhook>> ListAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="WebhookApi.DeleteAsync"/>
    Task DeleteAsync(string webhookId, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="WebhookApi.DeliveriesAsync"/>
    Task<DeliveryPage> DeliveriesAsync(
        string webhookId, DeliveriesOptions? options = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="WebhookApi.RedeliverAsync"/>
    Task<Delivery> RedeliverAsync(string webhookId, string deliveryId, CancellationToken cancellationToken = default);
}
