namespace OctoStore;

/// <summary>Options for acquiring a lock.</summary>
public sealed class AcquireOptions : LeaseOptions
{
    /// <summary>Ties the lease to a session.</summary>
    public string? SessionId { get; init; }

    /// <summary>A UUID for the lease; a new one by default.</summary>
    public string? LeaseId { get; init; }

    /// <inheritdoc cref="WantedLock.Mode"/>
    public LockMode? Mode { get; init; }

    /// <inheritdoc cref="WantedLock.Limit"/>
    public int? Limit { get; init; }

    /// <inheritdoc cref="WantedLock.Permits"/>
    public int? Permits { get; init; }
}
