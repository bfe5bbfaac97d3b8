using System;
using System.Collections.Generic;
using System.Net.Http;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>The routes of locks.</summary>
internal sealed class LockApi(Caller caller)
{
    /// <summary>The timeout of one attempt.</summary>
    public TimeSpan Timeout => caller.Timeout;

    public Servers Servers => caller.Servers;

    /// <summary>Learns of every handle.</summary>
    public OpenHandles? Open => caller.Open;

    /// <summary>Returns the lease, and when its request was sent. The lease cannot have begun earlier.</summary>
    /// <param name="name">Name of the lock.</param>
    /// <param name="options">How to acquire it.</param>
    /// <param name="isBrief">Whether an acquire that is given up makes only one short attempt to release the lease.</param>
    /// <param name="cancel">Cancels the acquire.</param>
    public async Task<Result<Lease>> AcquireAsync(
        string name, AcquireOptions options, bool isBrief, CancellationToken cancel)
    {
        TimeSpan slice = options.WaitSlice ?? caller.WaitSlice;
        Checks.Name(name);
        Checks.Ttl(options.Ttl);
        Checks.Wait(options.Wait);
        Checks.WaitSlice(slice);
        string leaseId = options.LeaseId ?? Guid.NewGuid().ToString();
        var wait = new LineWait(options.Wait, slice);
        var call = new Call<Lease>(() => Acquisition(name, leaseId, options, wait), ReadLease)
        {
            PatientUntil = options.Wait == TimeSpan.Zero ? null : wait.Until,
        };
        try
        {
            return await WaitForAsync(call, wait, cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (call.Outcome.IsUnknown && !IsMismatch(error))
        {
            ReleaseInBackground(name, leaseId, isBrief ? Limits.Brief() : Limits.None);
            throw;
        }
    }

    /// <param name="name">Name of the lock.</param>
    /// <param name="leaseId">Proves that it is held.</param>
    /// <param name="ttl">How long from now it is to be held.</param>
    /// <param name="timeout">Timeout of one attempt.</param>
    /// <param name="cancel">Cancels the call.</param>
    public async Task<Result<Lease>> RenewAsync(
        string name, string leaseId, TimeSpan ttl, TimeSpan timeout, CancellationToken cancel)
    {
        Checks.Name(name);
        Checks.Ttl(ttl);
        return await caller.CallAsync(Renewal(name, leaseId, ttl, timeout), cancel).ConfigureAwait(false);
    }

    /// <summary>One attempt at a renewal. Returns when it was sent.</summary>
    public async Task<Instant> RenewOnceAsync(string name, string leaseId, TimeSpan ttl, Sending sending)
    {
        Call<Lease> renewal = Renewal(name, leaseId, ttl, sending.Timeout);
        return (await caller.AttemptAsync(renewal, sending).ConfigureAwait(false)).SentAt;
    }

    public async Task ReleaseAsync(string name, string leaseId, Limits limits, CancellationToken cancel)
    {
        Checks.Name(name);
        var body = new JsonObject { ["lease_id"] = leaseId };
        var call = new Call<string>(
            () => new Request(HttpMethod.Post, $"{Paths.Lock(name)}/release") { Body = body },
            text => Fields.Parse(text).Text("status"))
        {
            IfGone = () => "released",
            Limits = limits,
        };
        await caller.CallAsync(call, cancel).ConfigureAwait(false);
    }

    /// <summary>Prevents the lock from staying held with no one using it.</summary>
    public void ReleaseInBackground(string name, string leaseId, Limits limits)
    {
        _ = TryAsync();

        async Task TryAsync()
        {
            try
            {
                await ReleaseAsync(name, leaseId, limits, CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception)
            {
                // Its lease expires on its own.
            }
        }
    }

    public async Task<LockStatus> StatusAsync(string name, CancellationToken cancel)
    {
        Checks.Name(name);
        return await GetAsync(Paths.Lock(name), Readers.LockStatus, cancel).ConfigureAwait(false);
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
            (IReadOnlyList<HeldLock> page, cursor) = await GetAsync(path, ReadPage, cancel).ConfigureAwait(false);
            locks.AddRange(page);
        }
        while (cursor is not null);
        return locks;
    }

    private static Lease ReadLease(string text) => Readers.Lease(Fields.Parse(text));

    private static (IReadOnlyList<HeldLock> Locks, string? Cursor) ReadPage(Fields fields) =>
        (fields.Objects("locks", Readers.HeldLock), fields.TextOrNull("next_cursor"));

    /// <summary>Whether the lease with this id is another one, which must not be released.</summary>
    private static bool IsMismatch(Exception error) => error is OctoStoreException { Code: "lease_mismatch" };

    private static Call<Lease> Renewal(string name, string leaseId, TimeSpan ttl, TimeSpan timeout)
    {
        Request Make() => new(HttpMethod.Post, $"{Paths.Lock(name)}/renew")
        {
            Body = new JsonObject { ["lease_id"] = leaseId, ["ttl_seconds"] = (int)ttl.TotalSeconds },
            Timeout = timeout,
        };
        return new Call<Lease>(Make, ReadLease);
    }

    private Request Acquisition(string name, string leaseId, AcquireOptions options, LineWait wait)
    {
        int waitSeconds = wait.NextSeconds;
        var body = new JsonObject
        {
            ["ttl_seconds"] = (int)options.Ttl.TotalSeconds,
            ["lease_id"] = leaseId,
            ["wait_seconds"] = waitSeconds,
        };
        if (options.Metadata is { } metadata) body["metadata"] = metadata;
        if (options.SessionId is { } sessionId) body["session_id"] = sessionId;
        return new Request(HttpMethod.Post, $"{Paths.Lock(name)}/acquire")
        {
            Body = body,
            Timeout = caller.Timeout + TimeSpan.FromSeconds(waitSeconds),
        };
    }

    /// <summary>Asks for the lock, repeatedly if necessary, because one request can wait for only so long.</summary>
    private async Task<Result<Lease>> WaitForAsync(Call<Lease> call, LineWait wait, CancellationToken cancel)
    {
        Instant firstAskedAt = Instant.Now;
        for (int refusals = 1; ; refusals++)
        {
            Instant askedAt = Instant.Now;
            TimeSpan asked = TimeSpan.FromSeconds(wait.NextSeconds);
            try
            {
                Result<Lease> granted = await caller.CallAsync(call, cancel).ConfigureAwait(false);
                // `held` means that an earlier attempt got the lease and its response was lost.
                return granted.Value.ExistedBefore ? granted with { SentAt = firstAskedAt } : granted;
            }
            catch (LockHeldException) when (Instant.Now < wait.Until)
            {
                // Refused much too early. Pause, so as not to retry at full speed.
                bool isEarly = Instant.Now - askedAt < asked / 2;
                TimeSpan pause = isEarly ? Backoff.Delay(refusals, null) : TimeSpan.Zero;
                await Task.Delay(pause, cancel).ConfigureAwait(false);
            }
        }
    }

    private Task<T> GetAsync<T>(string path, Func<Fields, T> read, CancellationToken cancel)
    {
        var call = new Call<T>(() => new Request(HttpMethod.Get, path), text => read(Fields.Parse(text)));
        return caller.GetAsync(call, cancel);
    }
}
