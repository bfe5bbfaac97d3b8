using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace OctoStore.Tests;

/// <summary>The OctoStore in memory answers the cases for test doubles as the real server does.</summary>
internal sealed class CaseTests
{
    private const string Path = "../conformance/test-double-cases.json";

    [Test]
    public async Task TheFakeAnswersAsTheServerDoes()
    {
        JsonArray cases = JsonNode.Parse(await File.ReadAllTextAsync(Path))!["cases"]!.AsArray();
        Expect.True(cases.Count > 0, "there are cases");
        foreach (JsonNode? one in cases) await RunAsync(one!);
    }

    private static async Task RunAsync(JsonNode one)
    {
        using var run = new CaseRun();
        foreach (JsonObject step in one["steps"]!.AsArray().OfType<JsonObject>())
        {
            try
            {
                await run.DoAsync(step);
            }
            catch (ExpectationException error)
            {
                throw new ExpectationException($"{one["name"]}: {step.ToJsonString()}: {error.Message}");
            }
        }
    }
}
