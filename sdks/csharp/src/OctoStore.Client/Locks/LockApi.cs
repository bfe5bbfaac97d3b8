using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>The routes of locks and of their lines.</summary>
internal sealed class LockApi(Caller caller)
{
    public Leases<Lease> Of(WantedLock wanted) => new(caller, new RoutesOfLock(wanted));

    public Leases<WholeLease> OfAll(IEnumerable<WantedLock> wanted)
    {
        WantedLock[] locks = wanted.ToArray();
        return locks.Length > 0
            ? new Leases<WholeLease>(caller, new RoutesOfLocks(locks))
            : throw new OctoStoreValidationException("There must be at least one lock.");
    }

    /// <summary>Holds one lock of a lease in another mode. If the lease already does, nothing changes.</summary>
    public Task<Lease> ConvertAsync(string name, string leaseId, LockMode mode, CancellationToken cancel)
    {
        Checks.Name(name);
        var body = new JsonObject { ["lease_id"] = leaseId, ["mode"] = Wanted.NameOf(mode) };
        return caller.GetAsync(
            new Call<Lease>(() => Post(name, "convert", body), text => LockReaders.Lease(Fields.Parse(text))), cancel);
    }

    /// <summary>By the time that it is repeated, someone else could hold the lock. So that is not safe.</summary>
    public Task<LockBreak> BreakAsync(string name, string reason, long? fencingToken, CancellationToken cancel)
    {
        Checks.Name(name);
        var body = new JsonObject { ["reason"] = reason };
        if (fencingToken is { } token) body["fencing_token"] = token;
        var call = new Call<LockBreak>(
            () => Post(name, "break", body), text => LockReaders.LockBreak(Fields.Parse(text)))
        {
            IsSafe = false,
        };
        return caller.GetAsync(call, cancel);
    }

    /// <summary>A second request replaces the first, so it can be repeated.</summary>
    public Task RequestReleaseAsync(string name, string? message, CancellationToken cancel)
    {
        Checks.Name(name);
        var body = new JsonObject();
        if (message is not null) body["message"] = message;
        return caller.CallAsync(new Call<string>(() => Post(name, "request-release", body), ReadStatus), cancel);
    }

    public Task<LockQueue> QueueAsync(string name, CancellationToken cancel)
    {
        Checks.Name(name);
        return caller.ReadAsync(Paths.Queue(name), LockReaders.LockQueue, cancel);
    }

    public Task LeaveQueueAsync(string name, string leaseId, CancellationToken cancel)
    {
        Checks.Name(name);
        string path = Paths.Place(name, leaseId);
        var call = new Call<string>(() => new Request(HttpMethod.Delete, path), ReadStatus) { IfGone = () => "left" };
        return caller.CallAsync(call, cancel);
    }

    public Task<LockStatus> StatusAsync(string name, CancellationToken cancel)
    {
        Checks.Name(name);
        return caller.ReadAsync(Paths.Lock(name), LockReaders.LockStatus, cancel);
    }

    /// <summary>All locks, from every page.</summary>
    public async Task<IReadOnlyList<HeldLock>> ListAsync(ListOptions options, CancellationToken cancel)
    {
        var locks = new List<HeldLock>();
        string? cursor = null;
        do
        {
            string path = Paths.WithQuery(
                "/locks", ("prefix", options.Prefix), ("owner", options.OwnOnly ? "me" : null), ("cursor", cursor));
            (IReadOnlyList<HeldLock> page, cursor) = await caller.ReadAsync(path, ReadPage, cancel).ConfigureAwait(false);
            locks.AddRange(page);
        }
        while (cursor is not null);
        return locks;
    }

    private static Request Post(string name, string verb, JsonObject body) =>
        new(HttpMethod.Post, $"{Paths.Lock(name)}/{verb}") { Body = body };

    private static string ReadStatus(string text) => Fields.Parse(text).Text("status");

    private static (IReadOnlyList<HeldLock> Locks, string? Cursor) ReadPage(Fields fields) =>
        (fields.Objects("locks", LockReaders.HeldLock), fields.TextOrNull("next_cursor"));
}
