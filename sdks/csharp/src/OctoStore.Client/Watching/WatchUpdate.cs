using System.Collections.Generic;

namespace OctoStore;

/// <summary>
/// One update of a watch: first the current state, as <see cref="LockStateUpdate"/> or <see cref="PrefixStateUpdate"/>,
/// then each <see cref="EventUpdate"/>. After a <see cref="ResetUpdate"/>, the current state comes again.
/// </summary>
public abstract record WatchUpdate
{
    private protected WatchUpdate()
    {
    }
}

/// <summary>The current status of the watched lock.</summary>
/// <param name="Status">The status from the server.</param>
public sealed record LockStateUpdate(LockStatus Status) : WatchUpdate;

/// <summary>The held locks with the watched prefix. They can arrive in several parts.</summary>
/// <param name="Locks">The locks in this part.</param>
/// <param name="IsComplete">Whether this is the last part.</param>
public sealed record PrefixStateUpdate(IReadOnlyList<HeldLock> Locks, bool IsComplete) : WatchUpdate;

/// <summary>Something happened.</summary>
/// <param name="Event">What happened.</param>
public sealed record EventUpdate(LockEvent Event) : WatchUpdate;

/// <summary>Events were missed, because the event log no longer reaches back to where the stream broke.</summary>
/// <param name="Message">The server's message.</param>
public sealed record ResetUpdate(string Message) : WatchUpdate;
