using System;

namespace OctoStore;

/// <summary>Where the server is, and who asks.</summary>
public sealed class OctoStoreClientOptions
{
    /// <summary><c>OCTOSTORE_BASE_URL</c> by default, and without that <c>http://localhost:3000</c>.</summary>
    public string? BaseUrl { get; init; }

    /// <summary><c>OCTOSTORE_TOKEN</c> by default. Without a token only what is public can be asked for.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// What one HTTP attempt may take, up to the end of the answer: 10 seconds by default, a day at most. Time that the
    /// server is asked to wait comes on top.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(Rules.TimeoutMsDefault);
}
