using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>A lock or session that is renewed in the background until you close or lose it.</summary>
public abstract class KeptHandle : IAsyncDisposable
{
    private readonly object _gate = new();
    private Task? _givenUp;

    private protected KeptHandle(Renewable thing)
    {
        Keeper = new Keeper(thing);
    }

    /// <summary>Cancelled when it is lost, before anyone else can get it. Not cancelled when you close it.</summary>
    public CancellationToken Lost => Keeper.Lost;

    /// <summary>
    /// Whether it is lost. This checks the clock, so it is correct even before a late timer cancels <see cref="Lost"/>.
    /// </summary>
    public bool IsLost => Keeper.IsLost;

    /// <summary>How long it is certain to last. Zero once it is lost.</summary>
    public TimeSpan Remaining => Keeper.Remaining;

    /// <summary>Keeps it alive.</summary>
    internal Keeper Keeper { get; }

    /// <summary>
    /// Releases the lock or ends the session. Never fails: a lock or session that cannot be closed expires on its own.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await GiveUpAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The server could not be reached.
        }
    }

    /// <summary>Releases or ends it, once, however often this is called.</summary>
    private protected Task GiveUpAsync(CancellationToken cancel)
    {
        lock (_gate) _givenUp ??= GiveUpOnceAsync();
        return _givenUp.WaitAsync(cancel);
    }

    /// <summary>Releases or ends it on the server.</summary>
    private protected abstract Task TellAsync();

    private async Task GiveUpOnceAsync()
    {
        await Keeper.StopAsync().ConfigureAwait(false);
        if (Keeper.IsGone) return;
        try
        {
            await TellAsync().ConfigureAwait(false);
        }
        catch (OctoStoreNotFoundException)
        {
            // It was already lost, which is not an error here.
        }
    }
}
