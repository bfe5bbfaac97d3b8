using System;

namespace OctoStore;

/// <summary>The server cannot handle the request now, and retries did not help.</summary>
public sealed class OctoStoreUnavailableException : OctoStoreException
{
    /// <summary>Creates one, for tests.</summary>
    public OctoStoreUnavailableException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    internal OctoStoreUnavailableException(string message, ErrorFacts facts)
        : base(message, facts, null)
    {
    }

    internal override bool IsTransient => true;

    internal override bool IsFaultOfServer => true;

    // These two codes are promises of the server.
    internal override bool WasWithoutEffect => Code is "no_leader" or "shutting_down";

    // A proxy can answer this too, and may have passed the request on before.
    internal override bool LeavesOutcomeUnknown => !WasWithoutEffect;
}

/// <summary>Any other unsuccessful response, or one that cannot be read.</summary>
public sealed class OctoStoreServerException : OctoStoreException
{
    /// <summary>Creates one, for tests.</summary>
    public OctoStoreServerException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    internal OctoStoreServerException(string message, ErrorFacts facts, Exception? cause = null)
        : base(message, facts, cause)
    {
    }

    internal override bool IsTransient => StatusCode is { } status && (int)status < 300;

    internal override bool IsFaultOfServer => true;

    internal override bool LeavesOutcomeUnknown => true;
}

/// <summary>There was no connection, or it broke before the whole response arrived.</summary>
public sealed class OctoStoreNetworkException : OctoStoreException
{
    /// <summary>Creates one.</summary>
    public OctoStoreNetworkException(string message, bool wasSent, Exception? cause = null)
        : base(message, cause)
    {
        WasSent = wasSent;
    }

    /// <summary>Whether the request may have reached the server.</summary>
    public bool WasSent { get; }

    internal override bool IsTransient => true;

    internal override bool IsFaultOfServer => true;

    internal override bool WasWithoutEffect => !WasSent;

    internal override bool LeavesOutcomeUnknown => WasSent;
}

/// <summary>The whole response did not arrive in time.</summary>
public sealed class OctoStoreTimeoutException : OctoStoreException
{
    /// <summary>Creates one, for tests.</summary>
    public OctoStoreTimeoutException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }

    internal override bool IsTransient => true;

    internal override bool IsFaultOfServer => true;

    internal override bool LeavesOutcomeUnknown => true;
}
