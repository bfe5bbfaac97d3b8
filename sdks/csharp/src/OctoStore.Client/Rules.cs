namespace OctoStore;

/// <summary>The numbers that all OctoStore SDKs share, under their common names.</summary>
internal static class Rules
{
    public const string DefaultBaseUrl = "http://localhost:3000";
    public const string LockNamePattern = "^[a-zA-Z0-9._-]+(/[a-zA-Z0-9._-]+)*$";
    public const int LockNameLengthMax = 256;
    public const int LockNameComponentLengthMax = 64;
    public const int TtlSecondsMin = 1;
    public const int TtlSecondsMax = 3600;
    public const int TtlSecondsDefault = 60;
    public const int SessionTtlSecondsMin = 10;
    public const int SessionTtlSecondsMax = 300;
    public const int SessionTtlSecondsDefault = 60;
    public const int WaitSecondsPerRequestMax = 60;
    public const int MetadataBytesMax = 1024;
    public const int TimeoutMsDefault = 10_000;
    public const int RepeatsMax = 3;
    public const int RepeatDelayMsFirst = 100;
    public const int RepeatDelayMsMax = 2000;
    public const int RetryAfterMsMax = 5000;
    public const int RenewalsPerTtl = 3;
    public const double MarginFraction = 0.1;
    public const int MarginMsMin = 100;
    public const int MarginMsMax = 5000;
    public const int WatchSilenceMsMax = 45_000;
    public const int WebhookToleranceSeconds = 300;
    public const int WaitSliceSecondsDefault = 25;
    public const int CloseMsMaxWhenLost = 1000;
    public const int RenewalTimeoutsPerTtl = 6;
    public const int ReleaseAgainDelayMsFirst = 500;
    public const int ReleaseAgainDelayMsSecond = 2000;
}
