using System;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>Acquires, renews and releases leases, of one lock or of several.</summary>
internal sealed class Leases<T>(Caller caller, LeaseRoutes<T> routes)
    where T : LeaseFacts
{
    /// <summary>The pauses before attempts to release a lease that the server does not know, or not yet.</summary>
    private static readonly int[] ReleaseDelaysMs = [0, Rules.ReleaseAgainDelayMsFirst, Rules.ReleaseAgainDelayMsSecond];

    public Caller Caller => caller;

    /// <summary>Returns the lease, and when its request was sent. The lease cannot have begun earlier.</summary>
    public async Task<Result<T>> AcquireAsync(Wish wish, CancellationToken cancel)
    {
        TimeSpan slice = wish.Options.WaitSlice ?? caller.WaitSlice;
        Checks.Lease(wish.Options);
        Checks.WaitSlice(slice);
        string leaseId = wish.LeaseId ?? Guid.NewGuid().ToString();
        var wait = new LineWait(caller.Clock, wish.Options.Wait, slice);
        var call = new Call<T>(() => Acquisition(wish, leaseId, wait), Read)
        {
            PatientUntil = wish.Options.Wait == TimeSpan.Zero ? null : wait.Until,
        };
        try
        {
            return await WaitForAsync(call, wait, cancel).ConfigureAwait(false);
        }
        catch (Exception error) when (call.Outcome.IsUnknown && !IsMismatch(error))
        {
            ReleaseInBackground(leaseId, wish.IsBrief);
            throw;
        }
    }

    /// <summary>Renews a lease, with retries.</summary>
    /// <param name="renewal">How.</param>
    /// <param name="timeout">Timeout of one attempt.</param>
    /// <param name="cancel">Cancels the call.</param>
    public async Task<Result<T>> RenewAsync(Renewal renewal, TimeSpan timeout, CancellationToken cancel)
    {
        Checks.Ttl(renewal.Ttl);
        return await caller.CallAsync(CallOf(renewal, timeout), cancel).ConfigureAwait(false);
    }

    /// <summary>One attempt at a renewal.</summary>
    public Task<Result<T>> RenewOnceAsync(Renewal renewal, Sending sending) =>
        caller.AttemptAsync(CallOf(renewal, sending.Timeout), sending);

    public async Task ReleaseAsync(string leaseId, Limits limits, CancellationToken cancel)
    {
        var call = new Call<string>(() => routes.Release(leaseId), text => Fields.Parse(text).Text("status"))
        {
            IfGone = () => "released",
            Limits = limits,
        };
        await caller.CallAsync(call, cancel).ConfigureAwait(false);
    }

    /// <summary>Prevents the lock from staying held with no one using it.</summary>
    /// <param name="leaseId">The lease.</param>
    /// <param name="isBrief">Whether each release is only one short attempt.</param>
    public void ReleaseInBackground(string leaseId, bool isBrief)
    {
        _ = TryAsync();

        async Task TryAsync()
        {
            foreach (int delay in ReleaseDelaysMs)
            {
                if (delay > 0) await PauseAsync(delay).ConfigureAwait(false);
                if (!await MayHaveOvertakenAsync(leaseId, isBrief).ConfigureAwait(false)) return;
            }
        }

        Task PauseAsync(int ms) => caller.Clock.PauseAsync(TimeSpan.FromMilliseconds(ms), CancellationToken.None);
    }

    /// <summary>
    /// Releases a lease. Returns whether the server did not know it: the acquire's connection is a different one.
    /// </summary>
    private async Task<bool> MayHaveOvertakenAsync(string leaseId, bool isBrief)
    {
        try
        {
            Limits limits = isBrief ? Limits.Brief(caller.Clock) : Limits.None;
            await ReleaseAsync(leaseId, limits, CancellationToken.None).ConfigureAwait(false);
            return false;
        }
        catch (OctoStoreNotFoundException)
        {
            return true;
        }
        catch (Exception)
        {
            // Its lease expires on its own.
            return false;
        }
    }

    /// <summary>Whether the lease with this id is another one, which must not be released.</summary>
    private static bool IsMismatch(Exception error) => error is OctoStoreException { Code: "lease_mismatch" };

    private static void Add(JsonObject body, string name, TimeSpan? time)
    {
        if (time is { } given) body[name] = (int)given.TotalSeconds;
    }

    private T Read(string text) => routes.Read(Fields.Parse(text));

    private Call<T> CallOf(Renewal renewal, TimeSpan timeout)
    {
        Request Make()
        {
            var body = new JsonObject { ["ttl_seconds"] = (int)renewal.Ttl.TotalSeconds };
            // Servers of version 1.0 refuse it, so it is sent only if it is needed.
            if (renewal.WantsProof) body["proof"] = true;
            return routes.Renewal(renewal.LeaseId, body) with { Timeout = timeout };
        }
        return new Call<T>(Make, Read);
    }

    private Request Acquisition(Wish wish, string leaseId, LineWait wait)
    {
        int waitSeconds = wait.NextSeconds;
        LeaseOptions options = wish.Options;
        var body = new JsonObject
        {
            ["ttl_seconds"] = (int)options.Ttl.TotalSeconds,
            ["lease_id"] = leaseId,
            ["wait_seconds"] = waitSeconds,
        };
        if (options.Metadata is { } metadata) body["metadata"] = metadata;
        if (wish.SessionId is { } sessionId) body["session_id"] = sessionId;
        if (options.WantsProof) body["proof"] = true;
        Add(body, "lock_delay_seconds", options.LockDelay);
        Add(body, "min_hold_seconds", options.MinHold);
        return routes.Acquisition(body) with { Timeout = caller.Timeout + TimeSpan.FromSeconds(waitSeconds) };
    }

    /// <summary>Asks for the lock, repeatedly if necessary, because one request can wait for only so long.</summary>
    private async Task<Result<T>> WaitForAsync(Call<T> call, LineWait wait, CancellationToken cancel)
    {
        Clock clock = caller.Clock;
        Instant firstAskedAt = clock.Now;
        for (int refusals = 1; ; refusals++)
        {
            Instant askedAt = clock.Now;
            TimeSpan asked = TimeSpan.FromSeconds(wait.NextSeconds);
            try
            {
                Result<T> granted = await caller.CallAsync(call, cancel).ConfigureAwait(false);
                // `held` means that an earlier attempt got the lease and its response was lost.
                return granted.Value.ExistedBefore ? granted with { SentAt = firstAskedAt } : granted;
            }
            catch (LockHeldException) when (clock.Now < wait.Until)
            {
                // Refused much too early. Pause, so as not to retry at full speed.
                bool isEarly = clock.Now - askedAt < asked / 2;
                TimeSpan pause = isEarly ? Backoff.Delay(refusals, null) : TimeSpan.Zero;
                await clock.PauseAsync(pause, cancel).ConfigureAwait(false);
            }
        }
    }
}
