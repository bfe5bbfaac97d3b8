using System;

namespace OctoStore;

/// <summary>The shorter and the longer of two times.</summary>
internal static class Spans
{
    public static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    public static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
