using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <content>Locks that are renewed in the background.</content>
public sealed partial class OctoStoreClient
{
    /// <summary>Acquires a lock and renews it in the background until the handle is disposed of.</summary>
    /// <exception cref="LockHeldException">It was still held after <see cref="LeaseOptions.Wait"/>.</exception>
    public Task<LockHandle> HoldAsync(
        string name, HoldOptions? options = null, CancellationToken cancellationToken = default) =>
        HoldAsync(name, Holding.Of(options ?? new HoldOptions()), cancellationToken);

    /// <summary>
    /// Acquires several locks, 1 to 32, each once, under one lease, and renews it in the background until the handle is
    /// disposed of. You get all of them or none, and such calls cannot deadlock each other.
    /// </summary>
    /// <param name="locks">A text is a lock that you want for yourself.</param>
    /// <param name="options">How to hold them.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="LockHeldException">One was still held after <see cref="LeaseOptions.Wait"/>.</exception>
    public Task<LockHandle> HoldAllAsync(
        IEnumerable<WantedLock> locks, HoldAllOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(locks);
        return RunAsync();

        async Task<LockHandle> RunAsync() => await Holding
            .Of(options ?? new HoldAllOptions())
            .OpenAsync(_locks.OfAll(locks), cancellationToken)
            .ConfigureAwait(false);
    }

    /// <summary>
    /// Runs a function while holding a lock, and returns or throws what the function does. If the function fails after the
    /// lock was lost, the <see cref="Exception.Data"/> of its error has the <see cref="LockLostException"/>, by the name of
    /// that type.
    /// </summary>
    /// <param name="name">Name of the lock.</param>
    /// <param name="options">How to hold it.</param>
    /// <param name="use">It must stop when its token is cancelled: the lock is lost, or you have cancelled.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="LockHeldException">It was still held after <see cref="LeaseOptions.Wait"/>.</exception>
    /// <exception cref="LockLostException">
    /// The lock was lost while the function ran. The function itself has returned, or has stopped as its token told it to.
    /// </exception>
    public async Task<T> WithLockAsync<T>(
        string name,
        HoldOptions? options,
        Func<LockHandle, CancellationToken, Task<T>> use,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(use);
        LockHandle held = await HoldAsync(name, options, cancellationToken).ConfigureAwait(false);
        return await LockUse.RunAsync(held, use, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="WithLockAsync{T}"/>
    public Task WithLockAsync(
        string name,
        HoldOptions? options,
        Func<LockHandle, CancellationToken, Task> use,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(use);
        return WithLockAsync(name, options, LockUse.WithoutResult(use), cancellationToken);
    }

    /// <summary>Runs a function while holding several locks under one lease, like <c>WithLockAsync</c>.</summary>
    /// <param name="locks">A text is a lock that you want for yourself.</param>
    /// <param name="options">How to hold them.</param>
    /// <param name="use">It must stop when its token is cancelled: a lock is lost, or you have cancelled.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <exception cref="LockHeldException">One was still held after <see cref="LeaseOptions.Wait"/>.</exception>
    /// <exception cref="LockLostException">The locks were lost while the function ran.</exception>
    public async Task<T> WithLocksAsync<T>(
        IEnumerable<WantedLock> locks,
        HoldAllOptions? options,
        Func<LockHandle, CancellationToken, Task<T>> use,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(use);
        LockHandle held = await HoldAllAsync(locks, options, cancellationToken).ConfigureAwait(false);
        return await LockUse.RunAsync(held, use, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc cref="WithLocksAsync{T}"/>
    public Task WithLocksAsync(
        IEnumerable<WantedLock> locks,
        HoldAllOptions? options,
        Func<LockHandle, CancellationToken, Task> use,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(use);
        return WithLocksAsync(locks, options, LockUse.WithoutResult(use), cancellationToken);
    }

    /// <summary>
    /// Campaigns for a lock and runs a function while holding it, again and again, until you cancel. Then it completes
    /// normally, after the function has returned and the lock is released.
    /// </summary>
    /// <param name="name">Name of the lock.</param>
    /// <param name="options">How to take part.</param>
    /// <param name="lead">
    /// What the leader does. Its token tells it to stop, because the lock is lost or the election has been stopped. The
    /// election waits for it: no one else leads before it has returned, unless the lock was lost.
    /// </param>
    /// <param name="cancellationToken">Stops the election.</param>
    /// <exception cref="OctoStoreException">Retrying cannot fix it, for example if the token is not valid.</exception>
    /// <seealso cref="StartElection"/>
    public Task ElectAsync(
        string name,
        ElectOptions? options,
        Func<LockHandle, CancellationToken, Task> lead,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lead);
        options ??= new ElectOptions();
        return Campaign.RunAsync(HoldBrieflyAsync, options, _caller.Clock, lead, cancellationToken);

        // If it is stopped meanwhile, there is only one short attempt to leave the line.
        Task<LockHandle> HoldBrieflyAsync(HoldOptions holding, CancellationToken stop) =>
            HoldAsync(name, Holding.Of(holding) with { IsBrief = true }, stop);
    }

    /// <summary>
    /// Starts such an election in the background. It runs until you stop it, or it fails: <see cref="Election.Ended"/>
    /// tells. An error that you do not ask for is written to <see cref="System.Diagnostics.Trace"/>.
    /// </summary>
    /// <inheritdoc cref="ElectAsync"/>
    public Election StartElection(
        string name,
        ElectOptions? options,
        Func<LockHandle, CancellationToken, Task> lead,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(lead);
        return _caller.Open.Add(new Election(name, stop => ElectAsync(name, options, lead, stop), cancellationToken));
    }

    private async Task<LockHandle> HoldAsync(string name, Holding holding, CancellationToken cancel)
    {
        Leases<Lease> leases = _locks.Of(WantedOf(name, holding.Options));
        return await holding.OpenAsync(leases, cancel).ConfigureAwait(false);
    }

    private static WantedLock WantedOf(string name, LeaseOptions options) => options switch
    {
        HoldOptions one => new WantedLock(name) { Mode = one.Mode, Limit = one.Limit, Permits = one.Permits },
        AcquireOptions one => new WantedLock(name) { Mode = one.Mode, Limit = one.Limit, Permits = one.Permits },
        _ => throw new InvalidOperationException("options for several locks"),
    };
}
