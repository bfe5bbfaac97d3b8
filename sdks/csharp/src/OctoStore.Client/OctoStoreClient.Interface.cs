using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <content>What the interface has as other types.</content>
public sealed partial class OctoStoreClient
{
    IFenceApi IOctoStoreClient.Fences => Fences;

    ILeaseApi IOctoStoreClient.Leases => Leases;

    IWebhookApi IOctoStoreClient.Webhooks => Webhooks;

    async Task<ILockHandle> IOctoStoreClient.HoldAsync(
        string name, HoldOptions? options, CancellationToken cancellationToken) =>
        await HoldAsync(name, options, cancellationToken).ConfigureAwait(false);

    async Task<ILockHandle> IOctoStoreClient.HoldAllAsync(
        IEnumerable<WantedLock> locks, HoldAllOptions? options, CancellationToken cancellationToken) =>
        await HoldAllAsync(locks, options, cancellationToken).ConfigureAwait(false);

    Task<T> IOctoStoreClient.WithLockAsync<T>(
        string name,
        HoldOptions? options,
        Func<ILockHandle, CancellationToken, Task<T>> use,
        CancellationToken cancellationToken) => WithLockAsync<T>(name, options, use, cancellationToken);

    Task IOctoStoreClient.WithLockAsync(
        string name,
        HoldOptions? options,
        Func<ILockHandle, CancellationToken, Task> use,
        CancellationToken cancellationToken) => WithLockAsync(name, options, use, cancellationToken);

    Task<T> IOctoStoreClient.WithLocksAsync<T>(
        IEnumerable<WantedLock> locks,
        HoldAllOptions? options,
        Func<ILockHandle, CancellationToken, Task<T>> use,
        CancellationToken cancellationToken) => WithLocksAsync<T>(locks, options, use, cancellationToken);

    Task IOctoStoreClient.WithLocksAsync(
        IEnumerable<WantedLock> locks,
        HoldAllOptions? options,
        Func<ILockHandle, CancellationToken, Task> use,
        CancellationToken cancellationToken) => WithLocksAsync(locks, options, use, cancellationToken);

    Task IOctoStoreClient.ElectAsync(
        string name,
        ElectOptions? options,
        Func<ILockHandle, CancellationToken, Task> lead,
        CancellationToken cancellationToken) => ElectAsync(name, options, lead, cancellationToken);

    IElection IOctoStoreClient.StartElection(
        string name,
        ElectOptions? options,
        Func<ILockHandle, CancellationToken, Task> lead,
        CancellationToken cancellationToken) => StartElection(name, options, lead, cancellationToken);

    IAsyncEnumerable<WatchUpdate> IOctoStoreClient.WatchAsync(string name, CancellationToken cancellationToken) =>
        WatchAsync(name, cancellationToken);

    IAsyncEnumerable<WatchUpdate> IOctoStoreClient.WatchPrefixAsync(
        string prefix, CancellationToken cancellationToken) => WatchPrefixAsync(prefix, cancellationToken);

    async Task<ISessionHandle> IOctoStoreClient.OpenSessionAsync(TimeSpan? ttl, CancellationToken cancellationToken) =>
        await OpenSessionAsync(ttl, cancellationToken).ConfigureAwait(false);
}
