using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

namespace OctoStore;

/// <summary>
/// The members of a JSON object, with their types checked. A missing member or another type throws
/// <see cref="FormatException"/>, which quotes nothing.
/// </summary>
internal sealed class Fields
{
    private readonly JsonElement _members;

    private Fields(JsonElement members)
    {
        _members = members.ValueKind == JsonValueKind.Object ? members : throw new FormatException("no object");
    }

    public static Fields Parse(string text) => new(ParseAny(text));

    public static IEnumerable<Fields> ParseList(string text) => ObjectsOf(ParseAny(text));

    /// <summary>Null unless the text is a JSON object.</summary>
    public static Fields? TryParse(string text)
    {
        try
        {
            return Parse(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public string Text(string name) => TextOrNull(name) ?? throw Unusable(name);

    public long Number(string name) => NumberOrNull(name) ?? throw Unusable(name);

    public DateTimeOffset Date(string name) => DateOrNull(name) ?? throw Unusable(name);

    public bool Flag(string name) => Member(name) switch
    {
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        _ => throw Unusable(name),
    };

    /// <summary>Whether there is such a member, and it is not null.</summary>
    public bool Has(string name) => Member(name) is not { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null };

    public T OneOf<T>(string name, params (string Text, T Meaning)[] choices)
    {
        string text = Text(name);
        foreach ((string choice, T meaning) in choices)
        {
            if (choice == text) return meaning;
        }
        throw Unusable(name);
    }

    public Fields Object(string name) => new(Member(name));

    public IReadOnlyList<T> Objects<T>(string name, Func<Fields, T> read) =>
        ObjectsOf(Member(name)).Select(read).ToArray();

    public IReadOnlyList<string> Texts(string name) =>
        ItemsOf(Member(name)).Select(item => TextOf(item) ?? throw Unusable(name)).ToArray();

    public IReadOnlyList<long> Numbers(string name) =>
        ItemsOf(Member(name)).Select(item => IntegerOf(item) ?? throw Unusable(name)).ToArray();

    /// <summary>Null if it is missing or not a text.</summary>
    public string? TextOrNull(string name) => TextOf(Member(name));

    /// <summary>Null if it is missing or not an integer.</summary>
    public long? NumberOrNull(string name) => IntegerOf(Member(name));

    /// <summary>Null if it is missing or not a date.</summary>
    public DateTimeOffset? DateOrNull(string name) =>
        Member(name) is { ValueKind: JsonValueKind.String } member && member.TryGetDateTimeOffset(out DateTimeOffset date)
            ? date
            : null;

    private static JsonElement ParseAny(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            // Its message quotes the text.
            throw new FormatException("no JSON");
        }
    }

    private static IEnumerable<Fields> ObjectsOf(JsonElement list) => ItemsOf(list).Select(item => new Fields(item));

    private static IEnumerable<JsonElement> ItemsOf(JsonElement list) =>
        list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : throw new FormatException("no list");

    private static long? IntegerOf(JsonElement member) =>
        member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out long number) ? number : null;

    private static string? TextOf(JsonElement member)
    {
        if (member.ValueKind != JsonValueKind.String) return null;
        try
        {
            return member.GetString();
        }
        catch (InvalidOperationException)
        {
            throw new FormatException("a text that is no Unicode");
        }
    }

    private static FormatException Unusable(string name) => new($"nothing useful in {name}");

    private JsonElement Member(string name) => _members.TryGetProperty(name, out JsonElement member) ? member : default;
}
