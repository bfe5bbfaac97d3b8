namespace OctoStore;

/// <summary>Which locks to list.</summary>
public sealed class ListOptions
{
    /// <summary>Only locks whose names begin with this text.</summary>
    public string? Prefix { get; init; }

    /// <summary>Only your own.</summary>
    public bool OwnOnly { get; init; }
}
