using System;

namespace OctoStore;

/// <summary>
/// A fence has seen a higher fencing token than yours. A later lease has used the resource, so stop.
/// </summary>
public sealed class StaleFencingTokenException : OctoStoreException
{
    /// <summary>Creates one, for tests.</summary>
    public StaleFencingTokenException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    internal StaleFencingTokenException(string message, ErrorFacts facts)
        : base(message, facts, null)
    {
    }

    /// <summary>The highest token that the fence has seen.</summary>
    public required long Highest { get; init; }

    internal override bool IsFinal => true;
}

/// <summary>
/// Someone with the right to do so has broken the lease. Its holder's requests get this for an hour. If a lock handle is
/// lost for this reason, its <see cref="LockLostException"/> has this as its inner exception.
/// </summary>
public sealed class LeaseBrokenException : OctoStoreNotFoundException
{
    /// <summary>Creates one, for tests.</summary>
    public LeaseBrokenException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    internal LeaseBrokenException(string message, ErrorFacts facts)
        : base(message, facts)
    {
    }

    /// <summary>What they gave as the reason.</summary>
    public required string Reason { get; init; }

    /// <summary>Login of the user who broke it, or <c>administrator</c> if they used an admin key.</summary>
    public required string BrokenBy { get; init; }

    /// <summary>When it was broken, by the server's clock.</summary>
    public required DateTimeOffset BrokenAt { get; init; }
}

/// <summary>
/// A lock or session is lost, although the server has not said so: see <see cref="IKeptHandle.LossError"/>.
/// </summary>
public sealed class OctoStoreLossException : OctoStoreException
{
    /// <summary>Creates one, for tests.</summary>
    public OctoStoreLossException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    internal override bool IsFinal => true;
}
