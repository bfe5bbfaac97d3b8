using System;

namespace OctoStore;

/// <summary>Options for holding several locks under one lease.</summary>
public sealed class HoldAllOptions : LeaseOptions
{
    /// <summary>Ties the locks to a session. When the session is lost or ends, so are the locks.</summary>
    public ISessionHandle? Session { get; init; }

    /// <summary>
    /// Called once for each request of someone else to release one of the locks, at the next renewal, in the background. You
    /// decide. What it throws is written to <see cref="System.Diagnostics.Trace"/>.
    /// </summary>
    public Action<ILockHandle, ReleaseRequest>? OnReleaseRequested { get; init; }
}
