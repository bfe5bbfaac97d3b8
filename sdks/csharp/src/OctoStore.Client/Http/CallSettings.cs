using System;

namespace OctoStore;

/// <summary>How a client makes its calls.</summary>
/// <param name="Timeout">The timeout of one attempt.</param>
/// <param name="WaitSlice">How long one request waits in line at most, unless the call says otherwise.</param>
/// <param name="Open">Learns of every handle. Null if they are left open when the process exits.</param>
internal sealed record CallSettings(TimeSpan Timeout, TimeSpan WaitSlice, OpenHandles? Open);
