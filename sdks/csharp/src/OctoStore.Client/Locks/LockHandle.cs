using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// A lock that you hold, or several under one lease. It is renewed in the background until it is released or lost.
/// Disposing it releases the lock and never fails: ask <see cref="KeptHandle.IsLost"/> first, or use <c>WithLockAsync</c>,
/// which throws if the lock was lost.
/// </summary>
public sealed class LockHandle : KeptHandle, ILockHandle
{
    private readonly HeldLease _held;
    private readonly LockApi _api;
    private readonly Action<ILockHandle, ReleaseRequest>? _onReleaseRequested;

    internal LockHandle(Holding holding, HeldLease held, Caller caller, Func<Limits, Task> send, Renewable thing)
        : base(thing, send, caller.Open)
    {
        _held = held;
        _api = new LockApi(caller);
        _onReleaseRequested = holding.OnReleaseRequested;
        Session = holding.Session;
        if (_onReleaseRequested is null) return;
        // What renews the lease must not keep the handle from being collected.
        var self = new WeakReference<LockHandle>(this);
        held.Listen(request => TellInBackground(self, request));
    }

    /// <inheritdoc/>
    public string Name => Locks[0].Name;

    /// <inheritdoc/>
    public IReadOnlyList<LeaseLock> Locks => _held.Locks;

    /// <inheritdoc/>
    public IReadOnlyList<int> Slots => Locks[0].Slots;

    /// <inheritdoc/>
    public string LeaseId => _held.LeaseId;

    /// <inheritdoc/>
    public long FencingToken => _held.FencingToken;

    /// <inheritdoc/>
    public string? Proof => _held.Proof;

    /// <inheritdoc/>
    public ReleaseRequest? ReleaseRequested => _held.ReleaseRequested;

    /// <inheritdoc/>
    public ISessionHandle? Session { get; }

    /// <inheritdoc/>
    public async Task ConvertAsync(LockMode mode, string? name = null, CancellationToken cancellationToken = default)
    {
        string one = name ?? Name;
        if (Locks.All(held => held.Name != one))
        {
            throw new OctoStoreValidationException("The handle does not hold this lock.");
        }
        Lease? converted = null;
        _held.BeginConversion();
        try
        {
            converted = await _api.ConvertAsync(one, LeaseId, mode, cancellationToken).ConfigureAwait(false);
        }
        catch (OctoStoreNotFoundException error)
        {
            Keeper.LoseOnServer(error);
            throw;
        }
        finally
        {
            _held.EndConversion(converted);
        }
    }

    /// <inheritdoc/>
    public Task ReleaseAsync(CancellationToken cancellationToken = default) => GiveUpAsync(cancellationToken);

    /// <summary>For logs and debugging, without the lease id.</summary>
    public override string ToString()
    {
        string names = string.Join(", ", Locks.Select(held => held.Name));
        return $"LockHandle({names}, fencing token {FencingToken}, {LeftText})";
    }

    private static void TellInBackground(WeakReference<LockHandle> self, ReleaseRequest request)
    {
        if (!self.TryGetTarget(out LockHandle? handle) || handle._onReleaseRequested is not { } tell) return;
        Task.Run(() =>
        {
            try
            {
                tell(handle, request);
            }
            catch (Exception error)
            {
                Warnings.Tell($"The function that learns of requests to release {handle.Keeper.What} has failed: {error}");
            }
        });
    }
}
