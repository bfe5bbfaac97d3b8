using System;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>Something that is kept alive in the background until it is given up or lost.</summary>
public abstract class KeptHandle : IAsyncDisposable
{
    private readonly object _gate = new();
    private Task? _givenUp;

    private protected KeptHandle(Renewable thing)
    {
        Keeper = new Keeper(thing);
    }

    /// <summary>Cancelled when it is lost, before anybody else can get it; not when it is given up.</summary>
    public CancellationToken Lost => Keeper.Lost;

    /// <summary>
    /// Whether it is lost. This looks at the clock, so it is right even before a late timer cancels <see cref="Lost"/>.
    /// </summary>
    public bool IsLost => Keeper.IsLost;

    /// <summary>How long it lasts for certain; zero once it is lost.</summary>
    public TimeSpan Remaining => Keeper.Remaining;

    /// <summary>What keeps it alive.</summary>
    internal Keeper Keeper { get; }

    /// <summary>Gives it up. That never fails: what cannot be given up ends by itself when its time is over.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await GiveUpAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The server could not be told.
        }
    }

    /// <summary>Gives it up, once however often this is called.</summary>
    private protected Task GiveUpAsync(CancellationToken cancel)
    {
        lock (_gate) _givenUp ??= GiveUpOnceAsync();
        return _givenUp.WaitAsync(cancel);
    }

    /// <summary>Tells the server that it is given up.</summary>
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
            // It had been lost, which is no error any more.
        }
    }
}
