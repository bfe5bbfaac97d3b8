using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// What happens to a lock, or to all with a prefix. Each enumeration begins with the current state. <c>break</c> ends it,
/// and so do cancelling, with an <see cref="OperationCanceledException"/>, and disposing of the watch or of its client.
/// </summary>
public sealed class Watch : IAsyncEnumerable<WatchUpdate>, IAsyncDisposable
{
    private readonly Func<CancellationToken, IAsyncEnumerable<WatchUpdate>> _run;
    private readonly CancellationToken _cancel;
    private readonly CancellationTokenSource _stop;

    /// <param name="run">Begins with the current state.</param>
    /// <param name="closing">Cancelled when the client is disposed of.</param>
    /// <param name="cancel">Cancels all enumerations.</param>
    internal Watch(
        Func<CancellationToken, IAsyncEnumerable<WatchUpdate>> run, CancellationToken closing, CancellationToken cancel)
    {
        _run = run;
        _cancel = cancel;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(closing);
    }

    /// <summary>Begins with the current state.</summary>
    public async IAsyncEnumerator<WatchUpdate> GetAsyncEnumerator(CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _cancel, _stop.Token);
        // An enumeration that is cancelled throws the error with the token that the program knows.
        CancellationToken known = cancellationToken.CanBeCanceled ? cancellationToken : _cancel;
        IAsyncEnumerator<WatchUpdate> updates = _run(either.Token).GetAsyncEnumerator(CancellationToken.None);
        await using (updates.ConfigureAwait(false))
        {
            while (await MoveNextAsync(updates, known, _stop.Token).ConfigureAwait(false)) yield return updates.Current;
        }
    }

    /// <summary>Ends the watch. A task that waits for the next update then gets the end of the enumeration.</summary>
    public async ValueTask DisposeAsync() => await _stop.CancelAsync().ConfigureAwait(false);

    private static async Task<bool> MoveNextAsync(
        IAsyncEnumerator<WatchUpdate> updates, CancellationToken cancel, CancellationToken stop)
    {
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
