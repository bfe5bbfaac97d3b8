using System;
using System.Collections.Concurrent;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// Handles that are closed when the process exits or gets SIGINT or SIGTERM. The signal then takes its course: other
/// handlers run too, and if none of them cancels it, the process ends.
/// </summary>
internal sealed class OpenHandles
{
    /// <summary>Those of all clients that release on exit.</summary>
    public static readonly OpenHandles OfProcess = new();

    private static readonly TimeSpan TimeMax = TimeSpan.FromMilliseconds(Rules.CloseMsMaxWhenLost);

    private readonly ConcurrentDictionary<Ending, byte> _open = [];
    private readonly Lazy<PosixSignalRegistration[]> _listening;

    public OpenHandles()
    {
        _listening = new Lazy<PosixSignalRegistration[]>(Listen);
    }

    public int Count => _open.Count;

    public void Add(Ending ending, Keeper keeper)
    {
        _ = _listening.Value;
        _open[ending] = 0;
        keeper.Over.UnsafeRegister(_ => RemoveInBackground(ending), null);
    }

    /// <summary>Closes all handles, and returns when they are closed or the time is up.</summary>
    public void CloseAll()
    {
        Task[] closed = _open.Keys
            .Where(ending => _open.TryRemove(ending, out _))
            .Select(ending => Task.Run(ending.EndAsync))
            .ToArray();
        // Unlike Wait, this does not throw what they throw.
        if (closed.Length > 0) Task.WaitAny([Task.WhenAll(closed)], TimeMax);
    }

    private async void RemoveInBackground(Ending ending)
    {
        if (ending.HasBegun) await ending.EndAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _open.TryRemove(ending, out _);
    }

    private PosixSignalRegistration[] Listen()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => CloseAll();
        try
        {
            return [ListenTo(PosixSignal.SIGINT), ListenTo(PosixSignal.SIGTERM)];
        }
        catch (PlatformNotSupportedException)
        {
            // There are no signals here, as in a browser.
            return [];
        }
    }

    private PosixSignalRegistration ListenTo(PosixSignal signal) =>
        PosixSignalRegistration.Create(signal, _ => CloseAll());
}
