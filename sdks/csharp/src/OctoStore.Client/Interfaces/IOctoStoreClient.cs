using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// A user's access to an OctoStore server, for programs that replace it in tests. <see cref="OctoStoreClient"/> is the real
/// one, and describes the calls.
/// </summary>
public interface IOctoStoreClient : IAsyncDisposable
{
    /// <inheritdoc cref="OctoStoreClient.Fences"/>
    IFenceApi Fences { get; }

    /// <inheritdoc cref="OctoStoreClient.Leases"/>
    ILeaseApi Leases { get; }

    /// <inheritdoc cref="OctoStoreClient.Webhooks"/>
    IWebhookApi Webhooks { get; }

    /// <inheritdoc cref="OctoStoreClient.HoldAsync(string, HoldOptions?, CancellationToken)"/>
    Task<ILockHandle> HoldAsync(
        string name, HoldOptions? options = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.HoldAllAsync"/>
    Task<ILockHandle> HoldAllAsync(
        IEnumerable<WantedLock> locks, HoldAllOptions? options = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.WithLockAsync{T}"/>
    Task<T> WithLockAsync<T>(
        string name,
        HoldOptions? options,
        Func<ILockHandle, CancellationToken, Task<T>> use,
        CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.WithLockAsync{T}"/>
    Task WithLockAsync(
        string name,
        HoldOptions? options,
        Func<ILockHandle, CancellationToken, Task> use,
        CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.WithLocksAsync{T}"/>
    Task<T> WithLocksAsync<T>(
        IEnumerable<WantedLock> locks,
        HoldAllOptions? options,
        Func<ILockHandle, CancellationToken, Task<T>> use,
        CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.WithLocksAsync{T}"/>
    Task WithLocksAsync(
        IEnumerable<WantedLock> locks,
        HoldAllOptions? options,
        Func<ILockHandle, CancellationToken, Task> use,
        CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.ElectAsync"/>
    Task ElectAsync(
        string name,
        ElectOptions? options,
        Func<ILockHandle, CancellationToken, Task> lead,
        CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.StartElection"/>
    IElection StartElection(
        string name,
        ElectOptions? options,
        Func<ILockHandle, CancellationToken, Task> lead,
        CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.AcquireAsync"/>
    Task<Lease> AcquireAsync(
        string name, AcquireOptions? options = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.AcquireAllAsync"/>
    Task<WholeLease> AcquireAllAsync(
        IEnumerable<WantedLock> locks, AcquireAllOptions? options = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.RenewAsync"/>
    Task<Lease> RenewAsync(string name, string leaseId, TimeSpan ttl, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.ReleaseAsync"/>
    Task ReleaseAsync(string name, string leaseId, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.ConvertAsync"/>
    Task<Lease> ConvertAsync(
        string name, string leaseId, LockMode mode, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.BreakLockAsync"/>
    Task<LockBreak> BreakLockAsync(
        string name, string reason, long? fencingToken = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.RequestReleaseAsync"/>
    Task RequestReleaseAsync(string name, string? message = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.GetQueueAsync"/>
    Task<LockQueue> GetQueueAsync(string name, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.LeaveQueueAsync"/>
    Task LeaveQueueAsync(string name, string leaseId, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.GetLockStatusAsync"/>
    Task<LockStatus> GetLockStatusAsync(string name, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.ListLocksAsync"/>
    Task<IReadOnlyList<HeldLock>> ListLocksAsync(
        ListOptions? options = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.WatchAsync"/>
    IAsyncEnumerable<WatchUpdate> WatchAsync(string name, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.WatchPrefixAsync"/>
    IAsyncEnumerable<WatchUpdate> WatchPrefixAsync(string prefix, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.OpenSessionAsync"/>
    Task<ISessionHandle> OpenSessionAsync(TimeSpan? ttl = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.CreateSessionAsync"/>
    Task<CreatedSession> CreateSessionAsync(TimeSpan? ttl = null, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.KeepaliveAsync"/>
    Task<KeptSession> KeepaliveAsync(string sessionId, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.GetSessionStatusAsync"/>
    Task<SessionStatus> GetSessionStatusAsync(string sessionId, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.EndSessionAsync"/>
    Task EndSessionAsync(string sessionId, CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.GetHealthAsync"/>
    Task<string> GetHealthAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.GetStatusCountersAsync"/>
    Task<StatusCounters> GetStatusCountersAsync(CancellationToken cancellationToken = default);

    /// <inheritdoc cref="OctoStoreClient.RotateTokenAsync"/>
    Task<string> RotateTokenAsync(CancellationToken cancellationToken = default);
}
