using System;

namespace OctoStore;

/// <summary>Options for holding a lock.</summary>
public sealed class HoldOptions
{
    /// <inheritdoc cref="AcquireOptions.Ttl"/>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(Rules.TtlSecondsDefault);

    /// <inheritdoc cref="AcquireOptions.Wait"/>
    public TimeSpan Wait { get; init; }

    /// <inheritdoc cref="AcquireOptions.WaitSlice"/>
    public TimeSpan? WaitSlice { get; init; }

    /// <inheritdoc cref="AcquireOptions.Metadata"/>
    public string? Metadata { get; init; }

    /// <summary>Ties the lock to a session. When the session is lost or ends, so is the lock.</summary>
    public SessionHandle? Session { get; init; }
}
