using System;
using System.Runtime.InteropServices;

namespace OctoStore;

/// <summary>
/// Closes handles when the process exits or gets SIGINT or SIGTERM. The signal then takes its course: other handlers run
/// too, and if none of them cancels it, the process ends.
/// </summary>
internal static class AtExit
{
    private static readonly OpenHandles Open = new();
    private static readonly Lazy<PosixSignalRegistration[]> Listening = new(Listen);

    /// <summary>Those of all clients that release on exit.</summary>
    public static OpenHandles Handles
    {
        get
        {
            _ = Listening.Value;
            return Open;
        }
    }

    private static PosixSignalRegistration[] Listen()
    {
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Open.CloseAll();
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

    private static PosixSignalRegistration ListenTo(PosixSignal signal) =>
        PosixSignalRegistration.Create(signal, _ => Open.CloseAll());
}
