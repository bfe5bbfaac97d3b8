using System;

namespace OctoStore.Tests;

/// <summary>The server that the environment names, and two users of it.</summary>
internal static class Server
{
    public static OctoStoreClient Client() => new();

    public static OctoStoreClient OtherClient() =>
        new(new OctoStoreClientOptions { Token = Setting("OCTOSTORE_OTHER_TOKEN") });

    /// <summary>A name that no other test has.</summary>
    public static string NewName() => $"csharp/{Guid.NewGuid():N}";

    private static string Setting(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set");
}
