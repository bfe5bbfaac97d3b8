using System;
using System.Net.Http;
using System.Text.Json.Nodes;

namespace OctoStore;

/// <summary>What is sent.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">Below the base URL, with its query.</param>
internal sealed record Request(HttpMethod Method, string Path)
{
    public JsonObject? Body { get; init; }

    /// <summary>Of one attempt, if it is not that of the client.</summary>
    public TimeSpan? Timeout { get; init; }
}
