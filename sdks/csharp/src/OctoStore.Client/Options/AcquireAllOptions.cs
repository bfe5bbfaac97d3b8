namespace OctoStore;

/// <summary>Options for acquiring several locks under one lease.</summary>
public sealed class AcquireAllOptions : LeaseOptions
{
    /// <summary>Ties the lease to a session.</summary>
    public string? SessionId { get; init; }

    /// <summary>A UUID for the lease; a new one by default.</summary>
    public string? LeaseId { get; init; }
}
