namespace OctoStore;

/// <summary>What a fence has seen.</summary>
public sealed record Fence
{
    /// <summary>Name of the fence.</summary>
    public required string Name { get; init; }

    /// <summary>The highest fencing token that it has seen. 0 if it has seen none.</summary>
    public required long Highest { get; init; }
}
