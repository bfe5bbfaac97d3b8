using System;
using System.Collections.Concurrent;

namespace OctoStore.Conformance;

/// <summary>Things by their names.</summary>
internal sealed class Shelf<T>
{
    private readonly ConcurrentDictionary<string, T> _things = new();

    public T Put(string name, T thing) => _things[name] = thing;

    public T Get(string name) =>
        _things.TryGetValue(name, out T? thing) ? thing : throw new InvalidOperationException($"nothing is called {name}");
}
