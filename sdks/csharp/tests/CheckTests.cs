using System;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace OctoStore.Tests;

internal sealed class CheckTests
{
    private const string Secret = "a-token-of-mine";

    private readonly OctoStoreClient _client = Server.Client();

    [Test]
    public Task TheRulesAreThoseOfAllSdks()
    {
        JsonObject shared = JsonNode.Parse(File.ReadAllText("../conformance/rules.json"))!.AsObject();
        FieldInfo[] own = typeof(Rules).GetFields(BindingFlags.Public | BindingFlags.Static);
        Expect.Equal(shared.Count, own.Length);
        foreach (FieldInfo rule in own)
        {
            string name = JsonNamingPolicy.SnakeCaseLower.ConvertName(rule.Name);
            Expect.Equal($"{name}: {shared[name]}", $"{name}: {rule.GetRawConstantValue()}");
        }
        return Task.CompletedTask;
    }

    [Test]
    public Task NamesThatTheServerTakesAreTaken()
    {
        string[] names = ["a", "A-z_0.9", "a/b/c", "...", "a/..b", new string('a', 64), $"{new string('a', 64)}/b"];
        foreach (string name in names) Checks.Name(name);
        return Task.CompletedTask;
    }

    [Test]
    public async Task OtherNamesAreRefused()
    {
        string longest = string.Join('/', Enumerable.Repeat(new string('a', 63), 4));
        string[] ill = ["", "/", "a/", "/a", "a//b", ".", "..", "a/./b", "a b", "a\n", "é"];
        string[] names = [.. ill, new string('a', 65), $"{longest}/b"];
        foreach (string name in names)
        {
            await Expect.ThrowsAsync<OctoStoreValidationException>(() => _client.HoldAsync(name));
            Expect.Throws<OctoStoreValidationException>(() => _client.WatchAsync(name));
        }
    }

    [Test]
    public async Task TtlsMustBeWholeSecondsWithinBounds()
    {
        foreach (double seconds in new[] { -1, 0, 0.5, 1.5, 3601 })
        {
            var options = new HoldOptions { Ttl = TimeSpan.FromSeconds(seconds) };
            await Expect.ThrowsAsync<OctoStoreValidationException>(() => _client.HoldAsync(Server.NewName(), options));
        }
        foreach (int seconds in new[] { 9, 301 })
        {
            await Expect.ThrowsAsync<OctoStoreValidationException>(
                () => _client.OpenSessionAsync(TimeSpan.FromSeconds(seconds)));
        }
    }

    [Test]
    public async Task AWaitMustNotBeNegative()
    {
        var options = new AcquireOptions { Wait = TimeSpan.FromSeconds(-1) };
        await Expect.ThrowsAsync<OctoStoreValidationException>(() => _client.AcquireAsync(Server.NewName(), options));
    }

    [Test]
    public Task ClientsThatCannotBeAreRefusedWithoutQuoting()
    {
        OctoStoreClientOptions[] options =
        [
            new() { BaseUrl = $"ftp://{Secret}/" },
            new() { BaseUrl = Secret },
            new() { BaseUrl = $"http://me:{Secret}@localhost/" },
            new() { Token = $"{Secret}\n" },
            new() { Token = $"{Secret} " },
            new() { Token = "" },
            new() { Timeout = TimeSpan.Zero },
            new() { Timeout = TimeSpan.FromDays(2) },
        ];
        foreach (OctoStoreClientOptions one in options)
        {
            var error = Expect.Throws<OctoStoreValidationException>(() => new OctoStoreClient(one));
            Expect.True(!error.ToString().Contains(Secret), "nothing is quoted");
        }
        return Task.CompletedTask;
    }

    [Test]
    public Task TheTextFormOfAClientHasItsBaseUrlAndNoToken()
    {
        var options = new OctoStoreClientOptions { BaseUrl = "https://locks.invalid/a/?b=c", Token = Secret };
        using var client = new OctoStoreClient(options);
        Expect.Equal("OctoStoreClient(https://locks.invalid/a)", client.ToString());
        Expect.True(!options.ToString()!.Contains(Secret), "the options do not show it either");
        return Task.CompletedTask;
    }

    [Test]
    public async Task IdsThatWouldLeadElsewhereAreRefused()
    {
        foreach (string id in new[] { "", ".", ".." })
        {
            await Expect.ThrowsAsync<OctoStoreValidationException>(() => _client.Webhooks.DeleteAsync(id));
            await Expect.ThrowsAsync<OctoStoreValidationException>(() => _client.EndSessionAsync(id));
        }
        await Expect.ThrowsAsync<OctoStoreException>(() => _client.GetSessionStatusAsync("a/../../health"));
    }
}
