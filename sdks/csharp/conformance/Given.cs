using System;
using System.Linq;
using System.Text.Json.Nodes;

namespace OctoStore.Conformance;

/// <summary>What a request holds.</summary>
internal sealed class Given(JsonObject members)
{
    public JsonObject Members { get; } = members;

    public string Do => Text("do");

    public TimeSpan? Timeout => Number("timeout_ms") is { } ms ? TimeSpan.FromMilliseconds(ms) : null;

    public TimeSpan? Ttl => Seconds("ttl_seconds");

    /// <summary>The items of a list, or the one text that stands in its place.</summary>
    public string? TextsOrNull(string name) => Members[name] is JsonArray items
        ? string.Join(',', items.Select(item => item!.GetValue<string>()))
        : TextOrNull(name);

    /// <summary>Whether it is given as null.</summary>
    public bool IsNull(string name) => Members.TryGetPropertyValue(name, out JsonNode? member) && member is null;

    public string Text(string name) =>
        TextOrNull(name) ?? throw new InvalidOperationException($"the request needs {name}");

    public string? TextOrNull(string name) => Members[name]?.GetValue<string>();

    public LockMode? Mode => TextOrNull("mode") is { } mode ? Enum.Parse<LockMode>(mode, ignoreCase: true) : null;

    public bool Flag(string name) => Members[name]?.GetValue<bool>() ?? false;

    public int? Count(string name) => (int?)Number(name);

    public long? Number(string name) => Members[name]?.GetValue<long>();

    public TimeSpan? Seconds(string name) => Number(name) is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
}
