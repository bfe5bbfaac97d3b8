using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

namespace OctoStore;

/// <summary>
/// Tells the program's observer what happens, in order and one event at a time, outside of our locks and of what the client
/// does meanwhile.
/// </summary>
internal sealed class Observing(Action<HandleEvent> observer)
{
    private readonly Queue<(HandleEvent Event, ExecutionContext? Context)> _waiting = new();
    private bool _isTelling;

    /// <summary>Tells of what happens to a lease.</summary>
    public Action<HandleEventType, Exception?> Of(HeldLease held) => (type, error) => Tell(new HandleEvent
    {
        Type = type,
        Locks = held.Locks.Select(one => one.Name).ToArray(),
        FencingToken = held.FencingToken,
        Error = error,
    });

    /// <summary>Tells of what happens to a session.</summary>
    public Action<HandleEventType, Exception?> Of(string sessionId) => (type, error) => Tell(new HandleEvent
    {
        Type = type,
        Locks = [],
        SessionId = sessionId,
        FencingToken = null,
        Error = error,
    });

    private void Tell(HandleEvent happened)
    {
        lock (_waiting)
        {
            // So that a span of the program that acquires is the parent of the observer's.
            _waiting.Enqueue((happened, ExecutionContext.Capture()));
            if (_isTelling) return;
            _isTelling = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(_ => TellAll(), null);
    }

    private void TellAll()
    {
        while (true)
        {
            (HandleEvent Event, ExecutionContext? Context) next;
            lock (_waiting)
            {
                if (!_waiting.TryDequeue(out next))
                {
                    _isTelling = false;
                    return;
                }
            }
            if (next.Context is null) TellOne(next.Event);
            else ExecutionContext.Run(next.Context, _ => TellOne(next.Event), null);
        }
    }

    private void TellOne(HandleEvent happened)
    {
        try
        {
            observer(happened);
        }
        catch (Exception error)
        {
            Warnings.Tell($"The observer of an OctoStoreClient has failed: {error}");
        }
    }
}
