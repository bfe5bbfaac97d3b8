using System;
using System.Net.Http;
using System.Text.Json.Nodes;

namespace OctoStore;

/// <summary>What one attempt sends.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">Relative to the base URL, with the query.</param>
internal sealed record Request(HttpMethod Method, string Path)
{
    public JsonObject? Body { get; init; }

    /// <summary>Timeout of one attempt, if it is not the client's.</summary>
    public TimeSpan? Timeout { get; init; }
}
