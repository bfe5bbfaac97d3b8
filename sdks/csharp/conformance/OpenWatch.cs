using System;
using System.Collections.Generic;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore.Conformance;

/// <summary>A watch that is asked for one update after the other.</summary>
internal sealed class OpenWatch : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly IAsyncEnumerator<WatchUpdate> _updates;
    private Task<bool>? _coming;

    public OpenWatch(IAsyncEnumerable<WatchUpdate> updates)
    {
        _updates = updates.GetAsyncEnumerator(_stop.Token);
    }

    /// <summary>The next update; null if none comes in time, in which case it is still to be had.</summary>
    public async Task<JsonObject?> NextAsync(TimeSpan timeout)
    {
        _coming ??= _updates.MoveNextAsync().AsTask();
        if (await Task.WhenAny(_coming, Task.Delay(timeout)).ConfigureAwait(false) != _coming) return null;
        try
        {
            bool isThere = await _coming.ConfigureAwait(false);
            _coming = null;
            return isThere ? Shapes.Update(_updates.Current) : new JsonObject { ["type"] = "end" };
        }
        catch (OperationCanceledException)
        {
            return new JsonObject { ["type"] = "end" };
        }
    }

    public async Task CloseAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_coming is not null) await ((Task)_coming).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _updates.DisposeAsync().ConfigureAwait(false);
    }

    public void Dispose() => _stop.Dispose();
}
