using System;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// Ends a lease or a session on the server, once, and in no more time than what is left of it. It does not refer to the
/// handle.
/// </summary>
/// <param name="keeper">Keeps it.</param>
/// <param name="send">Asks the server to end it.</param>
internal sealed class Ending(Keeper keeper, Func<Limits, Task> send)
{
    private readonly object _gate = new();
    private volatile bool _hasBegun;
    private Task? _ended;

    public bool HasBegun => _hasBegun;

    /// <summary>Throws if the server cannot be reached in time, but not if it was already lost.</summary>
    public Task EndAsync()
    {
        lock (_gate) return _ended ??= EndOnceAsync();
    }

    private async Task EndOnceAsync()
    {
        _hasBegun = true;
        (bool isLost, bool isGone, TimeSpan remaining) = (keeper.IsLost, keeper.IsGone, keeper.Remaining);
        var limits = new Limits { Deadline = keeper.Clock.Now + remaining };
        await keeper.StopAsync().ConfigureAwait(false);
        if (isGone) return;
        if (isLost) _ = TryAsync(Limits.Brief(keeper.Clock));
        else await ReleaseAsync(limits).ConfigureAwait(false);
    }

    private async Task ReleaseAsync(Limits limits)
    {
        try
        {
            await SendAsync(limits).ConfigureAwait(false);
            keeper.Tell(HandleEventType.Released);
        }
        catch (Exception error)
        {
            keeper.Tell(HandleEventType.Released, error);
            throw;
        }
    }

    private async Task SendAsync(Limits limits)
    {
        try
        {
            await send(limits).ConfigureAwait(false);
        }
        catch (OctoStoreNotFoundException)
        {
            // It was already lost, which is not an error here.
        }
    }

    /// <summary>In the background.</summary>
    private async Task TryAsync(Limits limits)
    {
        try
        {
            await send(limits).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It expires on its own.
        }
    }
}
