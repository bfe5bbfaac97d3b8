using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Reflection;
using System.Threading.Tasks;

namespace OctoStore.Tests;

/// <summary>
/// Runs all tests of this assembly, each within a time of its own. Arguments choose those whose names contain them.
/// </summary>
internal static class Program
{
    private static readonly TimeSpan TimeMax = TimeSpan.FromSeconds(30);

    private static async Task<int> Main(string[] args)
    {
        int failures = 0;
        MethodInfo[] tests = TestsOf(typeof(Program).Assembly).Where(test => IsChosen(test, args)).ToArray();
        foreach (MethodInfo test in tests)
        {
            if (!await PassesAsync(test).ConfigureAwait(false)) failures++;
        }
        Console.WriteLine($"{tests.Length - failures} passed, {failures} failed");
        return failures == 0 && tests.Length > 0 ? 0 : 1;
    }

    private static IEnumerable<MethodInfo> TestsOf(Assembly assembly) => assembly.GetTypes()
        .SelectMany(type => type.GetMethods())
        .Where(method => method.IsDefined(typeof(TestAttribute)));

    private static bool IsChosen(MethodInfo test, string[] texts) =>
        texts.Length == 0 || texts.Any(text => NameOf(test).Contains(text, StringComparison.OrdinalIgnoreCase));

    private static string NameOf(MethodInfo test) => $"{test.DeclaringType!.Name}.{test.Name}";

    private static async Task<bool> PassesAsync(MethodInfo test)
    {
        var time = Stopwatch.StartNew();
        try
        {
            object subject = Activator.CreateInstance(test.DeclaringType!)!;
            using var disposable = subject as IDisposable;
            await test.CreateDelegate<Func<Task>>(subject)().WaitAsync(TimeMax).ConfigureAwait(false);
            Console.WriteLine($"  ok     {NameOf(test)} ({time.Elapsed.TotalSeconds:F1} s)");
            return true;
        }
        catch (Exception error)
        {
            Console.WriteLine($"  FAILED {NameOf(test)}: {error}");
            return false;
        }
    }
}
