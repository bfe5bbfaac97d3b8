using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>Handles that can be closed together.</summary>
internal sealed class OpenHandles
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromMilliseconds(Rules.CloseMsMaxWhenLost);

    private readonly ConcurrentDictionary<Ending, byte> _open = [];

    public int Count => _open.Count;

    public void Add(Ending ending, Keeper keeper)
    {
        _open[ending] = 0;
        keeper.Over.UnsafeRegister(_ => RemoveInBackground(ending), null);
    }

    /// <summary>Closes all handles. Never fails.</summary>
    public Task CloseAllAsync() => Task.WhenAll(_open.Keys
        .Where(ending => _open.TryRemove(ending, out _))
        .Select(ending => Task.Run(() => CloseAsync(ending))));

    /// <summary>Closes all handles, and returns when they are closed or the time is up.</summary>
    public void CloseAll()
    {
        if (!_open.IsEmpty) CloseAllAsync().Wait(TimeMax);
    }

    private static async Task CloseAsync(Ending ending) =>
        await ending.EndAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async void RemoveInBackground(Ending ending)
    {
        if (ending.HasBegun) await CloseAsync(ending).ConfigureAwait(false);
        _open.TryRemove(ending, out _);
    }
}
