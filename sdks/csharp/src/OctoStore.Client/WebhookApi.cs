using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>The calls for webhooks. Each throws <see cref="OctoStoreException"/> if it fails.</summary>
public sealed class WebhookApi : IWebhookApi
{
    private readonly Caller _caller;

    internal WebhookApi(Caller caller)
    {
        _caller = caller;
    }

    /// <summary>Creates a webhook. Each user can have ten. Not retried if its outcome is unknown.</summary>
    public Task<Webhook> CreateAsync(NewWebhook webhook, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(webhook);
        var call = new Call<Webhook>(
            () => new Request(HttpMethod.Post, "/webhooks") { Body = BodyOf(webhook) },
            text => Readers.Webhook(Fields.Parse(text)))
        {
            IsSafe = false,
        };
        return _caller.GetAsync(call, cancellationToken);
    }

    /// <summary>All your webhooks.</summary>
    public Task<IReadOnlyList<Webhook>> ListAsync(CancellationToken cancellationToken = default)
    {
        var call = new Call<IReadOnlyList<Webhook>>(
            () => new Request(HttpMethod.Get, "/webhooks"),
            text => Fields.ParseList(text).Select(Readers.Webhook).ToArray());
        return _caller.GetAsync(call, cancellationToken);
    }

    /// <summary>Deletes a webhook.</summary>
    /// <exception cref="OctoStoreNotFoundException">There is no such webhook.</exception>
    public Task DeleteAsync(string webhookId, CancellationToken cancellationToken = default)
    {
        string path = Paths.Webhook(webhookId);
        var call = new Call<Nothing>(() => new Request(HttpMethod.Delete, path), Answers.ReadNothing)
        {
            IfGone = () => default,
        };
        return _caller.CallAsync(call, cancellationToken);
    }

    /// <summary>The webhook's deliveries, newest event first.</summary>
    public Task<DeliveryPage> DeliveriesAsync(
        string webhookId, DeliveriesOptions? options = null, CancellationToken cancellationToken = default)
    {
        string path = Paths.WithQuery(
            $"{Paths.Webhook(webhookId)}/deliveries",
            ("limit", options?.Limit?.ToString(CultureInfo.InvariantCulture)),
            ("before", options?.Before?.ToString(CultureInfo.InvariantCulture)));
        var call = new Call<DeliveryPage>(
            () => new Request(HttpMethod.Get, path), text => Readers.DeliveryPage(Fields.Parse(text)));
        return _caller.GetAsync(call, cancellationToken);
    }

    /// <summary>Sends a delivery again. Not retried if its outcome is unknown.</summary>
    public Task<Delivery> RedeliverAsync(
        string webhookId, string deliveryId, CancellationToken cancellationToken = default)
    {
        string path = $"{Paths.Delivery(webhookId, deliveryId)}/redeliver";
        var call = new Call<Delivery>(
            () => new Request(HttpMethod.Post, path), text => Readers.Delivery(Fields.Parse(text)))
        {
            IsSafe = false,
        };
        return _caller.GetAsync(call, cancellationToken);
    }

    private static JsonObject BodyOf(NewWebhook webhook)
    {
        var body = new JsonObject { ["url"] = webhook.Url };
        if (webhook.Secret is { } secret) body["secret"] = secret;
        if (webhook.LockPattern is { } pattern) body["lock_pattern"] = pattern;
        if (webhook.Events is { } events)
        {
            body["events"] = new JsonArray(
                events.Select(type => (JsonNode)JsonValue.Create(type.ToString().ToLowerInvariant())).ToArray());
        }
        return body;
    }
}
