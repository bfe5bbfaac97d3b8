namespace OctoStore;

/// <summary>A lock that you want, alone or together with others. A text is a lock that you want for yourself.</summary>
/// <param name="Name">Components of letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, with <c>/</c> between them.</param>
public sealed record WantedLock(string Name)
{
    /// <summary>
    /// <see cref="LockMode.Exclusive"/> by default, or <see cref="LockMode.Counted"/> if there is a limit.
    /// </summary>
    public LockMode? Mode { get; init; }

    /// <summary>
    /// Makes the lock counted: its leases may have this many permits together, 1 to 10,000. Everyone must give the same
    /// limit.
    /// </summary>
    public int? Limit { get; init; }

    /// <summary>How many permits of a counted lock you want, 1 to the limit; 1 by default.</summary>
    public int? Permits { get; init; }

    /// <summary>A lock that you want for yourself.</summary>
    public static implicit operator WantedLock(string name) => new(name);
}
