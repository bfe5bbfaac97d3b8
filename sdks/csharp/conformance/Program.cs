using System;
using System.Text.Json.Nodes;
using System.Threading.Tasks;

namespace OctoStore.Conformance;

/// <summary>
/// The driver of the C# SDK: requests from standard input to the SDK, what comes of them to standard output. It decides
/// nothing.
/// </summary>
internal static class Program
{
    private static readonly object Output = new();

    private static async Task Main()
    {
        var requests = new Requests(Write);
        while (await Console.In.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            _ = Task.Run(() => ServeAsync(requests, line));
        }
    }

    private static async Task ServeAsync(Requests requests, string line)
    {
        JsonObject given = JsonNode.Parse(line)!.AsObject();
        var reply = new JsonObject { ["id"] = given["id"]!.DeepClone() };
        try
        {
            reply["value"] = await requests.ServeAsync(new Given(given)).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OctoStoreException or ProgramException)
        {
            reply["error"] = Shapes.Error(error);
        }
        catch (Exception error)
        {
            Environment.FailFast($"the request failed in a way that is no error of the SDK: {error}");
        }
        Write(reply);
    }

    private static void Write(JsonObject message)
    {
        lock (Output)
        {
            Console.Out.WriteLine(message.ToJsonString());
            Console.Out.Flush();
        }
    }
}
