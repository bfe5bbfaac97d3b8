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
    /// <summary>Returns the lease, and when its request was sent. The lease cannot have begun earlier.</summary>
    public async Task<Result<Lease>> AcquireAsync(string name, AcquireOptions options, CancellationToken cancel)
    {
        Checks.Name(name);
        Checks.Ttl(options.Ttl);
        Checks.Wait(options.Wait);
        string leaseId = options.LeaseId ?? Guid.NewGuid().ToString();
        Instant until = Instant.Now + (options.Wait == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : options.Wait);
        var call = new Call<Lease>(() => Acquisition(name, leaseId, options, until), ReadLease);
        try
        {
            return await WaitForAsync(call, until, cancel).ConfigureAwait(false);
        }
        catch when (call.Outcome.IsUnknown)
        {
            ReleaseInBackground(name, leaseId);
            throw;
        }
    }

    public async Task<Result<Lease>> RenewAsync(string name, string leaseId, TimeSpan ttl, CancellationToken cancel)
    {
        Checks.Name(name);
        Checks.Ttl(ttl);
        return await caller.CallAsync(Renewal(name, leaseId, ttl), cancel).ConfigureAwait(false);
    }

    /// <summary>One attempt at a renewal. Returns when it was sent.</summary>
    public async Task<Instant> RenewOnceAsync(string name, string leaseId, TimeSpan ttl, CancellationToken cancel) =>
        (await caller.AttemptAsync(Renewal(name, leaseId, ttl), cancel).ConfigureAwait(false)).SentAt;

    public async Task ReleaseAsync(string name, string leaseId, CancellationToken cancel)
    {
        Checks.Name(name);
        var body = new JsonObject { ["lease_id"] = leaseId };
        var call = new Call<string>(
            () => new Request(HttpMethod.Post, $"{Paths.Lock(name)}/release") { Body = body },
            text => Fields.Parse(text).Text("status"))
        {
            IfGone = () => "released",
        };
        await caller.CallAsync(call, cancel).ConfigureAwait(false);
    }

    /// <summary>Prevents the lock from staying held with no one using it.</summary>
    public void ReleaseInBackground(string name, string leaseId)
    {
        _ = TryAsync();

        async Task TryAsync()
        {
            try
            {
                await ReleaseAsync(name, leaseId, CancellationToken.None).ConfigureAwait(false);
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

    /// <summary>How long the next request may wait, in whole seconds.</summary>
    private static int WaitSecondsUntil(Instant until) =>
        (int)Math.Min(Rules.WaitSecondsPerRequestMax, Math.Ceiling(until.FromNow().TotalSeconds));

    private static Call<Lease> Renewal(string name, string leaseId, TimeSpan ttl)
    {
        Request Make() => new(HttpMethod.Post, $"{Paths.Lock(name)}/renew")
        {
            Body = new JsonObject { ["lease_id"] = leaseId, ["ttl_seconds"] = (int)ttl.TotalSeconds },
        };
        return new Call<Lease>(Make, ReadLease);
    }

    private Request Acquisition(string name, string leaseId, AcquireOptions options, Instant until)
    {
        int waitSeconds = WaitSecondsUntil(until);
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

    /// <summary>Asks for the lock, repeatedly if necessary, because one request can wait for at most a minute.</summary>
    private async Task<Result<Lease>> WaitForAsync(Call<Lease> call, Instant until, CancellationToken cancel)
    {
        Instant firstAskedAt = Instant.Now;
        for (int refusals = 1; ; refusals++)
        {
            Instant askedAt = Instant.Now;
            TimeSpan wait = TimeSpan.FromSeconds(WaitSecondsUntil(until));
            try
            {
                Result<Lease> granted = await caller.CallAsync(call, cancel).ConfigureAwait(false);
                // `held` means that an earlier attempt got the lease and its response was lost.
                return granted.Value.ExistedBefore ? granted with { SentAt = firstAskedAt } : granted;
            }
            catch (LockHeldException) when (Instant.Now < until)
            {
                // Refused much too early. Pause, so as not to retry at full speed.
                bool isEarly = Instant.Now - askedAt < wait / 2;
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
