using System;
using System.Collections.Generic;
using System.Linq;

namespace OctoStore;

/// <summary>Paths of the server, with their components encoded.</summary>
internal static class Paths
{
    /// <summary>
    /// Encodes the whole name, so that a lock named <c>a/watch</c> is not mistaken for a watch of <c>a</c>.
    /// </summary>
    public static string Lock(string name) => $"/locks/{Uri.EscapeDataString(name)}";

    public static string Fence(string name) => $"/fences/{Uri.EscapeDataString(name)}";

    public static string Queue(string name) => $"/queues/{Uri.EscapeDataString(name)}";

    public static string Place(string name, string leaseId) => $"{Queue(name)}/{Id(leaseId)}";

    public static string Lease(string leaseId) => $"/leases/{Id(leaseId)}";

    public static string Session(string sessionId) => $"/sessions/{Id(sessionId)}";

    public static string Webhook(string webhookId) => $"/webhooks/{Id(webhookId)}";

    public static string Delivery(string webhookId, string deliveryId) =>
        $"{Webhook(webhookId)}/deliveries/{Id(deliveryId)}";

    /// <summary>A path with the parameters that have a value.</summary>
    public static string WithQuery(string path, params (string Name, string? Value)[] parameters)
    {
        IEnumerable<string> pairs = parameters
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}");
        string query = string.Join('&', pairs);
        return query.Length == 0 ? path : $"{path}?{query}";
    }

    private static string Id(string id)
    {
        // These would lead to another route.
        if (id is "" or "." or "..") throw new OctoStoreValidationException("That is no id.");
        return Uri.EscapeDataString(id);
    }
}
