using System;
using System.Net;

namespace OctoStore;

/// <summary>The token is missing, mistyped, rotated or revoked.</summary>
public sealed class OctoStoreAuthenticationException : OctoStoreException
{
    internal OctoStoreAuthenticationException(string message, ErrorFacts? facts = null, Exception? cause = null)
        : base(message, facts, cause)
    {
    }

    internal override bool IsFinal => true;
}

/// <summary>The request is not valid. The library refused it before sending, or the server did.</summary>
public sealed class OctoStoreValidationException : OctoStoreException
{
    internal OctoStoreValidationException(string message, ErrorFacts? facts = null)
        : base(message, facts, null)
    {
    }

    internal override bool IsFinal => true;
}

/// <summary>The lease, session, webhook or delivery does not exist, no longer exists, or is not yours.</summary>
public sealed class OctoStoreNotFoundException : OctoStoreException
{
    internal OctoStoreNotFoundException(string message, ErrorFacts facts)
        : base(message, facts, null)
    {
    }

    /// <summary>Whether someone else has broken the lease, which no attempt of our own can have done.</summary>
    internal bool IsBroken => Code == "lease_broken";

    // Another request gets another lease.
    internal override bool IsFinal => !IsBroken;
}

/// <summary>You have reached a limit, or send requests too often.</summary>
public sealed class OctoStoreLimitException : OctoStoreException
{
    internal OctoStoreLimitException(string message, ErrorFacts facts)
        : base(message, facts, null)
    {
    }

    internal override bool IsTransient => StatusCode == HttpStatusCode.TooManyRequests;

    internal override bool IsFinal => !IsTransient;
}

/// <summary>You are not allowed to do this.</summary>
public sealed class OctoStorePermissionException : OctoStoreException
{
    internal OctoStorePermissionException(string message, ErrorFacts facts)
        : base(message, facts, null)
    {
    }

    internal override bool IsFinal => true;
}

/// <summary>A webhook delivery was not signed with the secret, or its timestamp is too far off.</summary>
public sealed class OctoStoreSignatureException : OctoStoreException
{
    internal OctoStoreSignatureException(string message)
        : base(message, null, null)
    {
    }

    internal override bool IsFinal => true;
}
