using System;
using System.Collections.Generic;
using System.Linq;

namespace OctoStore;

/// <summary>
/// The URLs at which a client reaches the service, and the one that it uses now. All its calls share this.
/// </summary>
/// <param name="urls">Without trailing slashes, each once. The client begins with the first.</param>
internal sealed class Servers(string[] urls)
{
    private readonly object _gate = new();
    private int _current;

    public string Current
    {
        get
        {
            lock (_gate) return urls[_current];
        }
    }

    /// <summary>All URLs, the current one first.</summary>
    public IReadOnlyList<string> FromCurrent
    {
        get
        {
            lock (_gate) return [.. urls.Skip(_current), .. urls.Take(_current)];
        }
    }

    /// <summary>A server that works is kept.</summary>
    public void Keep(string url)
    {
        lock (_gate) _current = Array.IndexOf(urls, url);
    }

    /// <summary>
    /// Goes on with the next server after one that does not work, unless another call has done so already.
    /// </summary>
    public void Leave(string url)
    {
        lock (_gate)
        {
            if (urls[_current] == url) _current = (_current + 1) % urls.Length;
        }
    }

    public override string ToString() => string.Join(", ", urls);
}
