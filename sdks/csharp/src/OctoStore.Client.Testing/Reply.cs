using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace OctoStore.Testing;

/// <summary>What the fake answers.</summary>
internal sealed record Reply(HttpStatusCode Status, JsonNode? Body)
{
    /// <summary>The body, if it is not JSON.</summary>
    public string Text { get; init; } = "";

    public static Reply Ok(JsonObject body) => new(HttpStatusCode.OK, body);

    public static Reply Error(int status, string code, string message)
    {
        var body = new JsonObject { ["error"] = message, ["code"] = code, ["request_id"] = "fake" };
        return new Reply((HttpStatusCode)status, body);
    }

    public static Reply NotFound(string what) => Error(404, $"{what}_not_found", $"There is no such {what}.");

    public Reply With(string name, JsonNode? member)
    {
        Body!.AsObject()[name] = member;
        return this;
    }

    public HttpResponseMessage Message(HttpRequestMessage request) => new(Status)
    {
        RequestMessage = request,
        Content = new StringContent(Body?.ToJsonString() ?? Text, Encoding.UTF8, "application/json"),
    };
}

/// <summary>Things as the HTTP API has them.</summary>
internal static class Json
{
    public static string Date(DateTimeOffset date) =>
        date.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    public static string Mode(LockMode mode) => mode.ToString().ToLowerInvariant();

    /// <summary>Always the same for a login.</summary>
    public static string UserId(string login) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes(login)).AsSpan(0, 16)).ToString();

    public static JsonArray List<T>(IEnumerable<T> items, Func<T, JsonNode?> shape) => new(items.Select(shape).ToArray());

    public static JsonObject Hold(Hold hold)
    {
        var shape = new JsonObject { ["name"] = hold.Name, ["mode"] = Mode(hold.Mode) };
        if (hold.Limit is not { } limit) return shape;
        shape["limit"] = limit;
        shape["permits"] = hold.Slots.Length;
        shape["slots"] = List(hold.Slots, slot => JsonValue.Create(slot));
        return shape;
    }

    public static JsonObject AddTo(JsonObject shape, JsonObject more)
    {
        foreach ((string name, JsonNode? member) in more) shape[name] = member?.DeepClone();
        return shape;
    }
}
