namespace OctoStore;

/// <summary>What a lease is to be like, and how to ask for it.</summary>
/// <param name="Options">What it is to be like, and how long to wait for it.</param>
/// <param name="SessionId">The session that it is tied to, if any.</param>
/// <param name="LeaseId">Its id; a new one by default.</param>
internal sealed record Wish(LeaseOptions Options, string? SessionId = null, string? LeaseId = null)
{
    /// <summary>Whether an acquire that is given up makes only one short attempt to release the lease.</summary>
    public bool IsBrief { get; init; }
}

/// <summary>How to renew a lease.</summary>
/// <param name="LeaseId">Proves that it is ours.</param>
/// <param name="Ttl">How long from now it is to last.</param>
/// <param name="WantsProof">Whether a proof is wanted.</param>
internal sealed record Renewal(string LeaseId, System.TimeSpan Ttl, bool WantsProof);
