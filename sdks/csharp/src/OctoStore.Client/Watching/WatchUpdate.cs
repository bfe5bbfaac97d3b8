using System.Collections.Generic;

namespace OctoStore;

/// <summary>
/// What a watch tells: first the present state, as <see cref="LockStateUpdate"/> or <see cref="PrefixStateUpdate"/>, then
/// each <see cref="EventUpdate"/>. After a <see cref="ResetUpdate"/> the present state comes again.
/// </summary>
public abstract record WatchUpdate
{
    private protected WatchUpdate()
    {
    }
}

/// <summary>How the watched lock is just now.</summary>
/// <param name="Status">What the server knows of it.</param>
public sealed record LockStateUpdate(LockStatus Status) : WatchUpdate;

/// <summary>The locks under the watched prefix that are held just now. They come in parts.</summary>
/// <param name="Locks">Those of this part.</param>
/// <param name="IsComplete">Whether this is the last part.</param>
public sealed record PrefixStateUpdate(IReadOnlyList<HeldLock> Locks, bool IsComplete) : WatchUpdate;

/// <summary>Something has happened.</summary>
/// <param name="Event">What it was.</param>
public sealed record EventUpdate(LockEvent Event) : WatchUpdate;

/// <summary>Events were missed, since the server's log no longer reaches back to where the stream broke.</summary>
/// <param name="Message">What the server says of it.</param>
public sealed record ResetUpdate(string Message) : WatchUpdate;
