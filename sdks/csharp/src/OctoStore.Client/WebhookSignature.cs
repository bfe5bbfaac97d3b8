using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace OctoStore;

/// <summary>Checks the Standard Webhooks signatures of webhook deliveries.</summary>
public static class WebhookSignature
{
    private const string Base64KeyPrefix = "whsec_";
    private const string VersionPrefix = "v1,";

    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(Rules.WebhookToleranceSeconds);

    /// <summary>
    /// Checks that a webhook delivery was signed with the secret, with a timestamp at most five minutes off. Remember
    /// <c>webhook-id</c> to recognise repeats.
    /// </summary>
    /// <param name="secret">The webhook's secret.</param>
    /// <param name="header">
    /// Returns the value of a header by name, in any letter case, such as <c>name => request.Headers[name]</c>.
    /// </param>
    /// <param name="body">Exactly the bytes received.</param>
    /// <param name="now">The current time; by default from the system clock.</param>
    /// <exception cref="OctoStoreSignatureException">The check failed.</exception>
    public static void Verify(
        string secret, Func<string, string?> header, ReadOnlySpan<byte> body, DateTimeOffset? now = null)
    {
        ArgumentNullException.ThrowIfNull(secret);
        ArgumentNullException.ThrowIfNull(header);
        string timestamp = header("webhook-timestamp") ?? "";
        CheckTime(timestamp, now ?? DateTimeOffset.UtcNow);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{header("webhook-id")}.{timestamp}."), .. body];
        byte[] expected = HMACSHA256.HashData(KeyOf(secret), signed);
        bool isGood = SignaturesIn(header("webhook-signature") ?? "")
            .Any(signature => CryptographicOperations.FixedTimeEquals(signature, expected));
        if (!isGood) throw new OctoStoreSignatureException("the signature does not match");
    }

    /// <inheritdoc cref="Verify(string, Func{string, string?}, ReadOnlySpan{byte}, DateTimeOffset?)"/>
    /// <param name="secret">The webhook's secret.</param>
    /// <param name="headers">The headers, in any letter case.</param>
    /// <param name="body">Exactly the bytes received.</param>
    /// <param name="now">The current time; by default from the system clock.</param>
    public static void Verify(
        string secret,
        IEnumerable<KeyValuePair<string, string>> headers,
        ReadOnlySpan<byte> body,
        DateTimeOffset? now = null)
    {
        ArgumentNullException.ThrowIfNull(headers);
        string? Header(string name) =>
            headers.FirstOrDefault(header => header.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Value;
        Verify(secret, Header, body, now);
    }

    private static void CheckTime(string timestamp, DateTimeOffset now)
    {
        bool isNumber = long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds);
        bool isNear = isNumber
            && seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            && (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= Tolerance;
        if (!isNear) throw new OctoStoreSignatureException("the time stamp is missing or too far off");
    }

    private static byte[] KeyOf(string secret)
    {
        byte[]? key = secret.StartsWith(Base64KeyPrefix, StringComparison.Ordinal)
            ? BytesOf(secret[Base64KeyPrefix.Length..])
            : Encoding.UTF8.GetBytes(secret);
        return key is { Length: > 0 } ? key : throw new OctoStoreSignatureException("the secret holds no key");
    }

    private static IEnumerable<byte[]> SignaturesIn(string header) => header
        .Split(' ')
        .Where(entry => entry.StartsWith(VersionPrefix, StringComparison.Ordinal))
        .Select(entry => BytesOf(entry[VersionPrefix.Length..]))
        .OfType<byte[]>();

    /// <summary>Decodes base64. Null if the text is not base64.</summary>
    private static byte[]? BytesOf(string base64)
    {
        byte[] bytes = new byte[base64.Length];
        return Convert.TryFromBase64String(base64, bytes, out int length) ? bytes[..length] : null;
    }
}
