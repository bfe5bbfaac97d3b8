global using static Support;

using System.Threading;
using System.Threading.Tasks;

/// <summary>What the examples of the README call.</summary>
internal static class Support
{
    public static Task SendInvoicesAsync(long fence, CancellationToken stop) => Task.Delay(1, stop);

    public static Task RunNextJobAsync(long fence, CancellationToken stop) => Task.Delay(1, stop);
}
