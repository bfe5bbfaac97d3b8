using System;
using System.Net;

namespace OctoStore;

/// <summary>What is known about an error besides its message.</summary>
internal sealed record ErrorFacts(HttpStatusCode StatusCode, string? Code, string? RequestId, TimeSpan? RetryAfter);
