namespace OctoStore;

/// <summary>How a lock is just now.</summary>
public sealed record LockStatus
{
    /// <summary>Name of the lock.</summary>
    public required string Name { get; init; }

    /// <summary>That of the present grant; of a lock that is free, the highest one issued so far for any lock.</summary>
    public required long FencingToken { get; init; }

    /// <summary>Requests that wait for the lock.</summary>
    public required long Waiters { get; init; }

    /// <summary>Who holds it, and until when; null if nobody does.</summary>
    public required HeldLock? Held { get; init; }
}
