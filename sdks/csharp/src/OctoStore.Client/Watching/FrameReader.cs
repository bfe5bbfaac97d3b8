using System.Collections.Generic;

namespace OctoStore;

/// <summary>One frame of a stream of Server-Sent Events.</summary>
/// <param name="Event">Its kind.</param>
/// <param name="Id">Null if it has none.</param>
/// <param name="Data">What it says.</param>
internal sealed record Frame(string Event, string? Id, string Data);

/// <summary>Assembles the frames of an event stream from its lines.</summary>
internal sealed class FrameReader
{
    private readonly List<string> _data = [];
    private string _event = "";
    private string? _id;

    /// <summary>The frame that this line completes, if any.</summary>
    public Frame? Take(string line)
    {
        if (line.Length == 0) return Complete();
        int colon = line.IndexOf(':');
        string field = colon < 0 ? line : line[..colon];
        string value = colon < 0 ? "" : line[(colon + 1)..];
        if (value.StartsWith(' ')) value = value[1..];
        if (field == "event") _event = value;
        else if (field == "id") _id = value;
        else if (field == "data") _data.Add(value);
        return null;
    }

    private Frame? Complete()
    {
        Frame? frame = _data.Count == 0 ? null : new Frame(_event, _id, string.Join('\n', _data));
        _event = "";
        _id = null;
        _data.Clear();
        return frame;
    }
}
