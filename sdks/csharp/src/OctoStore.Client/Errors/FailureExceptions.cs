using System;

namespace OctoStore;

/// <summary>The server cannot do it now, also not after some repeats.</summary>
public sealed class OctoStoreUnavailableException : OctoStoreException
{
    internal OctoStoreUnavailableException(string message, ErrorFacts facts)
        : base(message, facts, null)
    {
    }

    internal override bool IsTransient => true;

    // A proxy answers so as well, and may have passed the request on before.
    internal override bool LeavesOutcomeUnknown => true;
}

/// <summary>An answer that is no success and stands for no other error, or that cannot be understood.</summary>
public sealed class OctoStoreServerException : OctoStoreException
{
    internal OctoStoreServerException(string message, ErrorFacts facts, Exception? cause = null)
        : base(message, facts, cause)
    {
    }

    internal override bool IsTransient => StatusCode is { } status && (int)status < 300;

    internal override bool LeavesOutcomeUnknown => true;
}

/// <summary>There was no connection, or it broke before the whole answer had come.</summary>
public sealed class OctoStoreNetworkException : OctoStoreException
{
    internal OctoStoreNetworkException(string message, bool wasSent, Exception? cause = null)
        : base(message, null, cause)
    {
        WasSent = wasSent;
    }

    /// <summary>Whether the request can have reached the server.</summary>
    public bool WasSent { get; }

    internal override bool IsTransient => true;

    internal override bool LeavesOutcomeUnknown => WasSent;
}

/// <summary>The whole answer did not come in time.</summary>
public sealed class OctoStoreTimeoutException : OctoStoreException
{
    internal OctoStoreTimeoutException(string message)
        : base(message, null, null)
    {
    }

    internal override bool IsTransient => true;

    internal override bool LeavesOutcomeUnknown => true;
}
