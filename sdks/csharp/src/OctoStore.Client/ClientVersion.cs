namespace OctoStore;

/// <summary>What this library tells the server about itself.</summary>
internal static class ClientVersion
{
    public const string Number = "1.0.0";
    public const string UserAgent = $"octostore-csharp/{Number}";
}
