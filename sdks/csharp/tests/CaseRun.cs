using System;
using System.Collections.Generic;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;
using OctoStore.Testing;

namespace OctoStore.Tests;

/// <summary>One run of a case for test doubles: its variables, and the requests that it has started.</summary>
internal sealed class CaseRun : IDisposable
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, Func<long, long, bool>> Comparisons = new()
    {
        ["$gt"] = (one, other) => one > other,
        ["$gte"] = (one, other) => one >= other,
        ["$lt"] = (one, other) => one < other,
        ["$lte"] = (one, other) => one <= other,
    };

    private static readonly Regex Variable = new(@"\{(\w+)\}");

    private readonly FakeOctoStore _fake = new();
    private readonly HttpMessageInvoker _http;
    private readonly Dictionary<string, Task<HttpResponseMessage>> _started = [];
    private readonly Dictionary<string, JsonNode> _variables = new() { ["ada"] = "ada", ["bob"] = "bob" };

    public CaseRun()
    {
        _http = new HttpMessageInvoker(_fake);
        _variables["lock"] = $"case-{Guid.NewGuid()}";
        for (int number = 1; number <= 4; number++) _variables[$"id{number}"] = Guid.NewGuid().ToString();
    }

    public async Task DoAsync(JsonObject step)
    {
        if (step["pass_seconds"] is { } seconds) _fake.Clock.Advance(TimeSpan.FromSeconds(seconds.GetValue<int>()));
        else if (step["start"] is { } started) _started[started.GetValue<string>()] = SendAsync(step);
        else if (step["finish"] is { } name) await CheckAsync(await _started[name.GetValue<string>()].WaitAsync(Soon), step);
        // Nothing happens in the background, so what a step waits for is already so.
        else await CheckAsync(await SendAsync(step), step);
    }

    public void Dispose()
    {
        _http.Dispose();
        _fake.Dispose();
    }

    private Task<HttpResponseMessage> SendAsync(JsonObject step)
    {
        string[] verbAndPath = Filled(step["ask"])!.GetValue<string>().Split(' ', 2);
        var request = new HttpRequestMessage(new HttpMethod(verbAndPath[0]), $"http://octostore.test{verbAndPath[1]}");
        if (step["as"] is { } user)
        {
            string login = user.GetValue<string>() == "admin" ? FakeOctoStore.Administrator : user.GetValue<string>();
            request.Headers.Authorization = new("Bearer", login);
        }
        if (step["body"] is { } body)
        {
            request.Content = new StringContent(Filled(body)!.ToJsonString(), Encoding.UTF8, "application/json");
        }
        return _http.SendAsync(request, CancellationToken.None);
    }

    private async Task CheckAsync(HttpResponseMessage response, JsonObject step)
    {
        string text = await response.Content.ReadAsStringAsync();
        JsonNode? body = text.StartsWith('{') ? JsonNode.Parse(text) : null;
        Expect.Equal($"{step["status"]}", $"{(int)response.StatusCode}");
        if (step["answer"] is { } answer) Expect.Equal(null, Difference(answer, body, "the answer"));
        if (step["save"] is not JsonObject save) return;
        foreach ((string name, JsonNode? field) in save) _variables[name] = body![field!.GetValue<string>()]!;
    }

    private JsonNode? Filled(JsonNode? value) => value switch
    {
        JsonObject members => new JsonObject(members.Select(one => KeyValuePair.Create(one.Key, Filled(one.Value)))),
        JsonArray entries => new JsonArray(entries.Select(Filled).ToArray()),
        JsonValue text when text.TryGetValue(out string? pattern) => FilledText(pattern),
        _ => value?.DeepClone(),
    };

    private JsonNode FilledText(string text)
    {
        Match whole = Variable.Match(text);
        return whole.Success && whole.Length == text.Length
            ? _variables[whole.Groups[1].Value].DeepClone()
            : Variable.Replace(text, one => $"{_variables[one.Groups[1].Value]}");
    }

    /// <summary>How an answer differs from the expected one. Null if it does not.</summary>
    private string? Difference(JsonNode? expected, JsonNode? actual, string path)
    {
        if (expected is JsonObject members) return DifferenceOfMembers(members, actual, path);
        if (expected is JsonArray entries) return DifferenceOfEntries(entries, actual, path);
        bool isSame = $"{expected}" == "$any" ? actual is not null : JsonNode.DeepEquals(Filled(expected), actual);
        return isSame ? null : Different(expected, actual, path);
    }

    private string? DifferenceOfMembers(JsonObject expected, JsonNode? actual, string path)
    {
        if (expected.Any(one => Comparisons.ContainsKey(one.Key)))
        {
            bool isWithin = actual is JsonValue && expected.All(
                one => Comparisons[one.Key](actual.GetValue<long>(), Filled(one.Value)!.GetValue<long>()));
            return isWithin ? null : Different(expected, actual, path);
        }
        return actual is JsonObject members
            ? FirstOf(expected.Select(one => Difference(one.Value, members[one.Key], $"{path}.{one.Key}")))
            : Different(expected, actual, path);
    }

    private string? DifferenceOfEntries(JsonArray expected, JsonNode? actual, string path) =>
        actual is JsonArray entries && entries.Count == expected.Count
            ? FirstOf(expected.Select((one, at) => Difference(one, entries[at], $"{path}[{at}]")))
            : Different(expected, actual, path);

    private static string? FirstOf(IEnumerable<string?> differences) =>
        differences.FirstOrDefault(difference => difference is not null);

    private static string Different(JsonNode? expected, JsonNode? actual, string path) =>
        $"{path} is {actual?.ToJsonString() ?? "null"}, not {expected?.ToJsonString() ?? "null"}";
}
