using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>How to hold a lease.</summary>
/// <param name="Options">What it is to be like, and how long to wait for it.</param>
/// <param name="Session">What it is tied to.</param>
/// <param name="OnReleaseRequested">Learns of requests to release.</param>
internal sealed record Holding(
    LeaseOptions Options, ISessionHandle? Session, Action<ILockHandle, ReleaseRequest>? OnReleaseRequested)
{
    /// <inheritdoc cref="Wish.IsBrief"/>
    public bool IsBrief { get; init; }

    public static Holding Of(HoldOptions options) => new(options, options.Session, options.OnReleaseRequested);

    public static Holding Of(HoldAllOptions options) => new(options, options.Session, options.OnReleaseRequested);

    /// <summary>Acquires a lease and keeps renewing it.</summary>
    public async Task<LockHandle> OpenAsync<T>(Leases<T> leases, CancellationToken cancel)
        where T : LeaseFacts
    {
        Keeper? outer = KeeperOfSession();
        var wish = new Wish(Options, Session?.SessionId) { IsBrief = IsBrief };
        Result<T> granted = await leases.AcquireAsync(wish, cancel).ConfigureAwait(false);
        (T lease, Instant provedAt) = await FreshenAsync(leases, granted, cancel).ConfigureAwait(false);
        var held = new HeldLease(lease);
        Caller caller = leases.Caller;
        return new LockHandle(this, held, caller, limits => ReleaseAsync(leases, held, limits), new Renewable
        {
            What = WhatAre(held.Locks),
            Ttl = Options.Ttl,
            ProvedAt = provedAt,
            Timeout = caller.Timeout,
            Servers = caller.Servers,
            Clock = caller.Clock,
            RenewAsync = RenewerOf(leases, held),
            Within = outer,
            Tell = caller.Observer?.Of(held),
        });
    }

    private static string WhatAre(IReadOnlyList<LeaseLock> locks)
    {
        string names = string.Join(", ", locks.Select(one => one.Name));
        return locks.Count == 1 ? $"the lock {names}" : $"the lease of {names}";
    }

    private static Task ReleaseAsync<T>(Leases<T> leases, HeldLease held, Limits limits)
        where T : LeaseFacts => leases.ReleaseAsync(held.LeaseId, limits, CancellationToken.None);

    private Keeper? KeeperOfSession() => Session switch
    {
        null => null,
        SessionHandle own => own.Keeper,
        _ => throw new OctoStoreValidationException("The session must be one that a client of this library has opened."),
    };

    private Renewal RenewalOf(string leaseId) => new(leaseId, Options.Ttl, Options.WantsProof);

    private Func<Sending, Task<Instant>> RenewerOf<T>(Leases<T> leases, HeldLease held)
        where T : LeaseFacts
    {
        // Without a reference to the options: their callback may refer to the handle, which must stay collectable.
        Renewal renewal = RenewalOf(held.LeaseId);
        return async sending =>
        {
            int conversions = held.Conversions;
            Result<T> renewed = await leases.RenewOnceAsync(renewal, sending).ConfigureAwait(false);
            held.Renewed(renewed.Value, conversions);
            return renewed.SentAt;
        };
    }

    /// <summary>
    /// The lease began some time after its request was sent. If that was long ago, this renews it and counts from the
    /// renewal.
    /// </summary>
    private async Task<Result<T>> FreshenAsync<T>(Leases<T> leases, Result<T> granted, CancellationToken cancel)
        where T : LeaseFacts
    {
        (T lease, Instant sentAt) = granted;
        Caller caller = leases.Caller;
        if (caller.Clock.Now - sentAt < Options.Ttl / Rules.RenewalsPerTtl) return granted;
        try
        {
            TimeSpan timeout = Keeper.RenewalTimeoutOf(Options.Ttl, caller.Timeout);
            return await leases.RenewAsync(RenewalOf(lease.LeaseId), timeout, cancel).ConfigureAwait(false);
        }
        catch
        {
            leases.ReleaseInBackground(lease.LeaseId, isBrief: false);
            throw;
        }
    }
}
