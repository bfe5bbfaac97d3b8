using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>Runs a function that uses a lock, and says if the lock was lost meanwhile.</summary>
internal static class LockUse
{
    /// <summary>Runs the function, then closes the handle.</summary>
    public static async Task<T> RunAsync<T>(
        LockHandle held, Func<LockHandle, CancellationToken, Task<T>> use, CancellationToken cancel)
    {
        await using (held.ConfigureAwait(false)) return await UseAsync(held, use, cancel).ConfigureAwait(false);
    }

    public static Func<LockHandle, CancellationToken, Task<Nothing>> WithoutResult(
        Func<LockHandle, CancellationToken, Task> use)
    {
        return UseAsync;

        async Task<Nothing> UseAsync(LockHandle held, CancellationToken stop)
        {
            await use(held, stop).ConfigureAwait(false);
            return default;
        }
    }

    private static async Task<T> UseAsync<T>(
        LockHandle held, Func<LockHandle, CancellationToken, Task<T>> use, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(held.Lost, cancel);
        T result;
        try
        {
            result = await use(held, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException stopped) when (LossOf(held) is { } loss && !cancel.IsCancellationRequested)
        {
            throw new LockLostException(held.Name, loss, null, stopped);
        }
        catch (Exception error) when (LossOf(held) is { } loss)
        {
            error.Data[nameof(LockLostException)] = new LockLostException(held.Name, loss, null, null);
            throw;
        }
        if (LossOf(held) is { } lost) throw new LockLostException(held.Name, lost, result is Nothing ? null : result, null);
        return result;
    }

    private static Loss? LossOf(LockHandle held) => held.IsLost ? held.Keeper.Loss : null;
}
