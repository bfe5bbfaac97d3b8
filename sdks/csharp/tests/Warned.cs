using System;
using System.Diagnostics;
using System.Threading.Tasks;

namespace OctoStore.Tests;

/// <summary>Waits for a warning that contains a text.</summary>
internal sealed class Warned : TraceListener
{
    private readonly string _text;
    private readonly TaskCompletionSource _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Warned(string text)
    {
        _text = text;
        Trace.Listeners.Add(this);
    }

    /// <summary>Whether it has come.</summary>
    public bool IsHeard => _heard.Task.IsCompleted;

    public Task Heard => _heard.Task;

    public override void Write(string? message) => WriteLine(message);

    public override void WriteLine(string? message)
    {
        if (message?.Contains(_text, StringComparison.Ordinal) == true) _heard.TrySetResult();
    }

    protected override void Dispose(bool disposing)
    {
        Trace.Listeners.Remove(this);
        base.Dispose(disposing);
    }
}
