using System;

namespace OctoStore;

/// <summary>Options for taking part in an election.</summary>
public sealed class ElectOptions
{
    /// <inheritdoc cref="LeaseOptions.Ttl"/>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(Rules.TtlSecondsDefault);

    /// <inheritdoc cref="LeaseOptions.WaitSlice"/>
    public TimeSpan? WaitSlice { get; init; }

    /// <inheritdoc cref="LeaseOptions.Metadata"/>
    public string? Metadata { get; init; }

    /// <inheritdoc cref="LeaseOptions.LockDelay"/>
    public TimeSpan? LockDelay { get; init; }

    /// <inheritdoc cref="LeaseOptions.MinHold"/>
    public TimeSpan? MinHold { get; init; }

    /// <inheritdoc cref="HoldOptions.Session"/>
    public ISessionHandle? Session { get; init; }

    /// <summary>Leave the election after leading once.</summary>
    public bool Once { get; init; }
}
