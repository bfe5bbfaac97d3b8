using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace OctoStore.Tests;

/// <summary>What tests expect.</summary>
internal static class Expect
{
    public static void True(bool isSo, string what)
    {
        if (!isSo) throw new ExpectationException($"it is not so that {what}");
    }

    public static void Equal<T>(T expected, T actual)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
        {
            throw new ExpectationException($"expected {expected}, got {actual}");
        }
    }

    /// <summary>Gives the error, to look at it more closely.</summary>
    public static async Task<TError> ThrowsAsync<TError>(Func<Task> act)
        where TError : Exception
    {
        try
        {
            await act().ConfigureAwait(false);
        }
        catch (TError error)
        {
            return error;
        }
        throw new ExpectationException($"no {typeof(TError).Name} was thrown");
    }

    /// <inheritdoc cref="ThrowsAsync"/>
    public static TError Throws<TError>(Action act)
        where TError : Exception =>
        ThrowsAsync<TError>(() =>
        {
            act();
            return Task.CompletedTask;
        }).GetAwaiter().GetResult();

    /// <summary>Waits until a token is cancelled, as long as the test may take.</summary>
    public static async Task CancelledAsync(CancellationToken token) =>
        await Task.Delay(Timeout.Infinite, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}

/// <summary>Something is not as expected.</summary>
internal sealed class ExpectationException(string message) : Exception(message);
