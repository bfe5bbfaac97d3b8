using System;

namespace OctoStore;

/// <summary>How a client makes its calls.</summary>
internal sealed record CallSettings
{
    /// <summary>The timeout of one attempt.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>How long one request waits in line at most, unless the call says otherwise.</summary>
    public required TimeSpan WaitSlice { get; init; }

    public required Clock Clock { get; init; }

    /// <summary>Learns of everything that is open.</summary>
    public required OpenThings Open { get; init; }

    /// <summary>Learns of what happens to handles. Null if no one asks.</summary>
    public required Observing? Observer { get; init; }
}
