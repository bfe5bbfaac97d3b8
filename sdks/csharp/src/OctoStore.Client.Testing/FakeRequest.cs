using System;
using System.IO;
using System.Linq;
using System.Net.Http;
using System.Text.Json.Nodes;

namespace OctoStore.Testing;

/// <summary>A request, taken apart.</summary>
/// <param name="Method">Such as <c>POST</c>.</param>
/// <param name="Path">Still encoded, without the query.</param>
/// <param name="Query">Without the question mark.</param>
/// <param name="User">Login of the user. Null if there is no token.</param>
/// <param name="Body">Empty if there is none.</param>
internal sealed record FakeRequest(string Method, string Path, string Query, string? User, JsonObject Body)
{
    /// <summary>The components of the path, decoded.</summary>
    public string[] Components { get; } = Path.Split('/').Skip(1).Select(Uri.UnescapeDataString).ToArray();

    public static FakeRequest Of(HttpRequestMessage request)
    {
        string[] target = request.RequestUri!.PathAndQuery.Split('?', 2);
        string? user = request.Headers.Authorization?.Parameter;
        return new FakeRequest(request.Method.Method, target[0], target.ElementAtOrDefault(1) ?? "", user, BodyOf(request));
    }

    public string Text(string name) => TextOrNull(name) ?? throw new InvalidOperationException($"the request needs {name}");

    public string? TextOrNull(string name) => Body[name]?.GetValue<string>();

    /// <summary>A parameter of the query. Null if it is missing.</summary>
    public string? Parameter(string name) => Query.Split('&')
        .Select(pair => pair.Split('=', 2))
        .Where(pair => pair[0] == name && pair.Length == 2)
        .Select(pair => Uri.UnescapeDataString(pair[1]))
        .FirstOrDefault();

    /// <summary>For logs: its method and path.</summary>
    public override string ToString() => $"{Method} {Path}";

    private static JsonObject BodyOf(HttpRequestMessage request)
    {
        if (request.Content is null) return [];
        using var reader = new StreamReader(request.Content.ReadAsStream());
        string text = reader.ReadToEnd();
        return text.Length == 0 ? [] : JsonNode.Parse(text)!.AsObject();
    }
}
