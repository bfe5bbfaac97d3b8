using System;

namespace OctoStore;

/// <summary>The address of the server, and the user's token.</summary>
public sealed class OctoStoreClientOptions
{
    /// <summary><c>OCTOSTORE_BASE_URL</c> by default, or <c>http://localhost:3000</c> if that is not set.</summary>
    public string? BaseUrl { get; init; }

    /// <summary><c>OCTOSTORE_TOKEN</c> by default. Without a token, only public requests work.</summary>
    public string? Token { get; init; }

    /// <summary>
    /// Timeout of one HTTP attempt, up to the end of the response. 10 seconds by default, a day at most. An acquire that
    /// waits in line gets its wait on top.
    /// </summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMilliseconds(Rules.TimeoutMsDefault);
}
