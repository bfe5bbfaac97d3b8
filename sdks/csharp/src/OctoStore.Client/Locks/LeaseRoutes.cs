using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;

namespace OctoStore;

/// <summary>The requests that acquire, renew and release a lease, and how to read it.</summary>
internal abstract class LeaseRoutes<T>
    where T : LeaseFacts
{
    public abstract Request Acquisition(JsonObject body);

    public abstract Request Renewal(string leaseId, JsonObject body);

    public abstract Request Release(string leaseId);

    public abstract T Read(Fields fields);
}

/// <summary>The requests for leases of one lock.</summary>
internal sealed class RoutesOfLock : LeaseRoutes<Lease>
{
    private readonly WantedLock _wanted;

    /// <exception cref="OctoStoreValidationException">It is not valid.</exception>
    public RoutesOfLock(WantedLock wanted)
    {
        Checks.Wanted(wanted);
        _wanted = wanted;
    }

    public override Request Acquisition(JsonObject body) => To("acquire", Wanted.AddTo(body, _wanted));

    public override Request Renewal(string leaseId, JsonObject body) => To("renew", OfLease(leaseId, body));

    public override Request Release(string leaseId) => To("release", OfLease(leaseId, []));

    public override Lease Read(Fields fields) => LockReaders.Lease(fields);

    private static JsonObject OfLease(string leaseId, JsonObject body)
    {
        body["lease_id"] = leaseId;
        return body;
    }

    private Request To(string verb, JsonObject body) =>
        new(HttpMethod.Post, $"{Paths.Lock(_wanted.Name)}/{verb}") { Body = body };
}

/// <summary>The requests for leases of several locks. All but the acquisition are for any lease, by its id.</summary>
internal sealed class RoutesOfLocks : LeaseRoutes<WholeLease>
{
    private readonly IReadOnlyCollection<WantedLock> _wanted;

    /// <exception cref="OctoStoreValidationException">One of them is not valid.</exception>
    public RoutesOfLocks(params WantedLock[] wanted)
    {
        foreach (WantedLock one in wanted) Checks.Wanted(one);
        _wanted = wanted;
    }

    public override Request Acquisition(JsonObject body)
    {
        body["locks"] = new JsonArray(_wanted.Select(Wanted.Named).ToArray<JsonNode>());
        return new Request(HttpMethod.Post, "/leases") { Body = body };
    }

    public override Request Renewal(string leaseId, JsonObject body) =>
        new(HttpMethod.Post, $"{Paths.Lease(leaseId)}/renew") { Body = body };

    public override Request Release(string leaseId) => new(HttpMethod.Delete, Paths.Lease(leaseId));

    public override WholeLease Read(Fields fields) => LockReaders.WholeLease(fields);
}

/// <summary>Wanted locks as the server has them.</summary>
internal static class Wanted
{
    public static JsonObject Named(WantedLock wanted) => AddTo(new JsonObject { ["name"] = wanted.Name }, wanted);

    public static JsonObject AddTo(JsonObject body, WantedLock wanted)
    {
        if (wanted.Mode is { } mode and not LockMode.Counted) body["mode"] = NameOf(mode);
        if (wanted.Limit is { } limit) body["limit"] = limit;
        if (wanted.Permits is { } permits) body["permits"] = permits;
        return body;
    }

    public static string NameOf(LockMode mode) => mode switch
    {
        LockMode.Exclusive => "exclusive",
        LockMode.Shared => "shared",
        _ => throw new OctoStoreValidationException("The mode must be exclusive or shared."),
    };
}
