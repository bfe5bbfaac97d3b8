using System;

namespace OctoStore.Testing;

/// <summary>A request is refused.</summary>
internal sealed class RefusedException(Reply reply) : Exception(reply.Body?.ToJsonString())
{
    public Reply Reply { get; } = reply;
}
