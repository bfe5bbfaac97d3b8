using System;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// A lock or session that is renewed in the background until you close or lose it. Keep a reference to it: if it is
/// garbage-collected without having been closed, it is no longer renewed, and a warning is written to
/// <see cref="System.Diagnostics.Trace"/>.
/// </summary>
public abstract class KeptHandle : IKeptHandle
{
    private readonly Ending _ending;

    /// <param name="thing">What is renewed.</param>
    /// <param name="send">Ends it on the server. Must not refer to the handle.</param>
    /// <param name="open">Learns of it.</param>
    private protected KeptHandle(Renewable thing, Func<Limits, Task> send, OpenThings open)
    {
        thing.Tell?.Invoke(HandleEventType.Acquired, null);
        Keeper = new Keeper(thing);
        _ending = new Ending(Keeper, send);
        open.Add(_ending, Keeper);
    }

    /// <summary>Stops renewing a handle that was forgotten.</summary>
    ~KeptHandle()
    {
        if (_ending is null || _ending.HasBegun || !Keeper.Abandon()) return;
        const string Why = "was garbage-collected without being closed, so it is no longer renewed";
        Warnings.Tell($"The handle of {Keeper.What} {Why}. Dispose of each handle.");
    }

    /// <inheritdoc/>
    public CancellationToken Lost => Keeper.Lost;

    /// <inheritdoc/>
    public bool IsLost => Keeper.IsLost;

    /// <inheritdoc/>
    public OctoStoreException? LossError => Keeper.LossError;

    /// <inheritdoc/>
    public TimeSpan Remaining => Keeper.Remaining;

    /// <summary>Keeps it alive.</summary>
    internal Keeper Keeper { get; }

    /// <summary>How much of it is left, for text forms: <c>12.3 s left</c>, <c>lost</c> or <c>closed</c>.</summary>
    private protected string LeftText
    {
        get
        {
            if (IsLost) return "lost";
            return _ending.HasBegun
                ? "closed"
                : string.Create(CultureInfo.InvariantCulture, $"{Remaining.TotalSeconds:F1} s left");
        }
    }

    /// <summary>
    /// Releases the lock or ends the session, in no more time than what is left of it. Never fails: a lock or session that
    /// cannot be closed expires on its own.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await _ending.EndAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Releases or ends it, once, however often this is called.</summary>
    private protected Task GiveUpAsync(CancellationToken cancel)
    {
        GC.SuppressFinalize(this);
        return _ending.EndAsync().WaitAsync(cancel);
    }
}
