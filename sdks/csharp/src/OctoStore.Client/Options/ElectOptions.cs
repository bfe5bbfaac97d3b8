using System;

namespace OctoStore;

/// <summary>Options for taking part in an election.</summary>
public sealed class ElectOptions
{
    /// <inheritdoc cref="AcquireOptions.Ttl"/>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(Rules.TtlSecondsDefault);

    /// <inheritdoc cref="AcquireOptions.WaitSlice"/>
    public TimeSpan? WaitSlice { get; init; }

    /// <inheritdoc cref="AcquireOptions.Metadata"/>
    public string? Metadata { get; init; }

    /// <inheritdoc cref="HoldOptions.Session"/>
    public SessionHandle? Session { get; init; }

    /// <summary>Leave the election after leading once.</summary>
    public bool Once { get; init; }
}
