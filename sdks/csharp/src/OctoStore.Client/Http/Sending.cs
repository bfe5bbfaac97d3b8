using System;
using System.Threading;

namespace OctoStore;

/// <summary>How to send one attempt.</summary>
/// <param name="Server">The base URL of the server.</param>
/// <param name="Timeout">The longest that it may take.</param>
/// <param name="Cancel">Cancels it.</param>
internal readonly record struct Sending(string Server, TimeSpan Timeout, CancellationToken Cancel);
