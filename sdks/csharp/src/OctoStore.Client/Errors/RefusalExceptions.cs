using System;
using System.Net;

namespace OctoStore;

/// <summary>The token is missing, mistyped, rotated or revoked.</summary>
public sealed class OctoStoreAuthenticationException : OctoStoreException
{
    /// <summary>Creates one, for tests.</summary>
    public OctoStoreAuthenticationException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    internal OctoStoreAuthenticationException(string message, ErrorFacts facts)
        : base(message, facts, null)
    {
    }

    internal override bool IsFinal => true;
}

/// <summary>The request is not valid. The library refused it before sending, or the server did.</summary>
public sealed class OctoStoreValidationException : OctoStoreException
{
    /// <summary>Creates one, for tests.</summary>
    public OctoStoreValidationException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    internal OctoStoreValidationException(string message, ErrorFacts facts)
        : base(message, facts, null)
    {
    }

    internal override bool IsFinal => true;
}

/// <summary>The lease, session, webhook or delivery does not exist, no longer exists, or is not yours.</summary>
public class OctoStoreNotFoundException : OctoStoreException
{
    /// <summary>Creates one, for tests.</summary>
    public OctoStoreNotFoundException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

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
    /// <summary>Creates one, for tests.</summary>
    public OctoStoreLimitException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

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
    /// <summary>Creates one, for tests.</summary>
    public OctoStorePermissionException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    internal OctoStorePermissionException(string message, ErrorFacts facts)
        : base(message, facts, null)
    {
    }

    internal override bool IsFinal => true;
}

/// <summary>A webhook delivery was not signed with the secret, or its timestamp is too far off.</summary>
public sealed class OctoStoreSignatureException : OctoStoreException
{
    /// <summary>Creates one.</summary>
    public OctoStoreSignatureException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    internal override bool IsFinal => true;
}
