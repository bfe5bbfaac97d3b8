using System;

namespace OctoStore;

/// <summary>Options for holding a lock.</summary>
public sealed class HoldOptions : LeaseOptions
{
    /// <summary>Ties the lock to a session. When the session is lost or ends, so is the lock.</summary>
    public ISessionHandle? Session { get; init; }

    /// <summary>
    /// Called once for each request of someone else to release the lock, at the next renewal, in the background. You decide.
    /// What it throws is written to <see cref="System.Diagnostics.Trace"/>.
    /// </summary>
    public Action<ILockHandle, ReleaseRequest>? OnReleaseRequested { get; init; }

    /// <inheritdoc cref="WantedLock.Mode"/>
    public LockMode? Mode { get; init; }

    /// <inheritdoc cref="WantedLock.Limit"/>
    public int? Limit { get; init; }

    /// <inheritdoc cref="WantedLock.Permits"/>
    public int? Permits { get; init; }
}
