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
        JsonObject shared = RulesIn("rules.json");
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
    public Task TheVersionIsThatOfThePackage()
    {
        string project = File.ReadAllText("src/OctoStore.Client/OctoStore.Client.csproj");
        Expect.True(project.Contains($"<Version>{ClientVersion.Number}</Version>"), "the package has this version");
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
    public async Task AWaitSliceMustBeWholeSecondsWithinBounds()
    {
        foreach (double seconds in new[] { 0, 0.5, 1.5, 61 })
        {
            TimeSpan slice = TimeSpan.FromSeconds(seconds);
            Expect.Throws<OctoStoreValidationException>(
                () => new OctoStoreClient(new OctoStoreClientOptions { WaitSlice = slice }));
            await Expect.ThrowsAsync<OctoStoreValidationException>(
                () => _client.HoldAsync(Server.NewName(), new HoldOptions { WaitSlice = slice }));
        }
    }

    [Test]
    public Task ClientsThatCannotBeAreRefusedWithoutQuoting()
    {
        OctoStoreClientOptions[] options =
        [
            new() { BaseUrl = $"ftp://{Secret}/" },
            new() { BaseUrl = Secret },
            new() { BaseUrl = "" },
            new() { BaseUrl = $"http://localhost, ftp://{Secret}/" },
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
    public Task SeveralBaseUrlsAreSeparatedByCommas()
    {
        const string Urls = " http://a.invalid/, http://b.invalid/c/,,http://a.invalid ";
        using var client = new OctoStoreClient(new OctoStoreClientOptions { BaseUrl = Urls });
        Expect.Equal("OctoStoreClient(http://a.invalid, http://b.invalid/c)", client.ToString());
        return Task.CompletedTask;
    }

    [Test]
    public async Task WithoutATokenOnlyPublicCallsAreSent()
    {
        using var client = new OctoStoreClient(new OctoStoreClientOptions { IsAnonymous = true });
        Expect.Equal("OK", await client.GetHealthAsync());
        var error = await Expect.ThrowsAsync<OctoStoreAuthenticationException>(() => client.ListLocksAsync());
        Expect.True(error.Message.Contains("OCTOSTORE_TOKEN") && error.StatusCode is null, "it says how to give a token");
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

    private static JsonObject RulesIn(string file) =>
        JsonNode.Parse(File.ReadAllText($"../conformance/{file}"))!.AsObject();
}
