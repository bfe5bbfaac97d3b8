global using static Support;

using System;
using System.Threading;
using System.Threading.Tasks;

/// <summary>What the examples of the README call.</summary>
internal static class Support
{
    private static int _jobs;

    public static Task SendInvoicesAsync(long fence, CancellationToken stop) => Task.Delay(1, stop);

    public static Task RunNextJobAsync(long fence, CancellationToken stop)
    {
        if (Interlocked.Exchange(ref _jobs, 1) == 0) Console.WriteLine("the next job");
        return Task.Delay(1, stop);
    }
}
