using System.Collections.Concurrent;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>The handles, elections and watches of a client.</summary>
/// <param name="atExit">Learns of every handle too. Null if they are left open when the process exits.</param>
internal sealed class OpenThings(OpenHandles? atExit)
{
    private readonly OpenHandles _handles = new();
    private readonly ConcurrentDictionary<Election, byte> _elections = [];
    private readonly CancellationTokenSource _closing = new();

    /// <summary>Cancelled when all of it is closed. Ends watches.</summary>
    public CancellationToken Closing => _closing.Token;

    public void Add(Ending ending, Keeper keeper)
    {
        _handles.Add(ending, keeper);
        atExit?.Add(ending, keeper);
    }

    public Election Add(Election election)
    {
        _elections[election] = 0;
        _ = RemoveAsync(election);
        return election;
    }

    /// <summary>Stops elections, closes handles and ends watches. Never fails.</summary>
    public async Task CloseAllAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_elections.Keys.Select(election => election.StopAsync())).ConfigureAwait(false);
        await _handles.CloseAllAsync().ConfigureAwait(false);
    }

    private async Task RemoveAsync(Election election)
    {
        await election.Over.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _elections.TryRemove(election, out _);
    }
}
