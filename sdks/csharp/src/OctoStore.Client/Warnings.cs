using System;
using System.Diagnostics;
using System.Diagnostics.Tracing;
using System.Threading.Tasks;

namespace OctoStore;

/// <summary>
/// Warns of mistakes that nobody would learn of otherwise: to the listeners of <see cref="Trace"/>, and as events of the
/// source <c>OctoStore-Client</c>.
/// </summary>
[EventSource(Name = "OctoStore-Client")]
internal sealed class Warnings : EventSource
{
    private static readonly Warnings Source = new();

    /// <summary>In the background, because listeners may take a while or throw.</summary>
    public static void Tell(string message) => Task.Run(() =>
    {
        try
        {
            Source.Warning(message);
            Trace.TraceWarning(message);
        }
        catch (Exception)
        {
            // A bad listener must do no harm.
        }
    });

    [Event(1, Level = EventLevel.Warning, Message = "{0}")]
    private void Warning(string message) => WriteEvent(1, message);
}
