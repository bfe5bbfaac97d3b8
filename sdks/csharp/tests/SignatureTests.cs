using System;
using System.Collections.Generic;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Tasks;

namespace OctoStore.Tests;

internal sealed class SignatureTests
{
    private const string Secret = "a-secret";

    private static readonly byte[] Body = [0, 0xff, .. "not even text"u8];
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_700_000_000);

    private static readonly byte[] Signed = [.. "msg-1.1700000000."u8, .. Body];

    private readonly Dictionary<string, string> _headers = new()
    {
        ["Webhook-Id"] = "msg-1",
        ["WEBHOOK-TIMESTAMP"] = "1700000000",
        ["webhook-signature"] = $"v1,{Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Signed))}",
    };

    [Test]
    public Task AMessageOfBytesIsTaken()
    {
        WebhookSignature.Verify(Secret, _headers, Body, Now);
        return Task.CompletedTask;
    }

    [Test]
    public Task HeadersMayComeFromAFunction()
    {
        string? Header(string name) => name == "webhook-id" ? _headers["Webhook-Id"]
            : name == "webhook-timestamp" ? _headers["WEBHOOK-TIMESTAMP"]
            : _headers[name];
        WebhookSignature.Verify(Secret, Header, Body, Now);
        return Task.CompletedTask;
    }

    [Test]
    public Task TheClockOfTheSystemIsTheDefault()
    {
        ExpectRefused(() => WebhookSignature.Verify(Secret, _headers, Body));
        return Task.CompletedTask;
    }

    [Test]
    public Task TimesThatAreNoneAreRefused()
    {
        string[] times = ["", "-1", "+1700000000", "1700000000.0", " 1700000000", "99999999999999", "9999999999999999999"];
        foreach (string time in times)
        {
            _headers["WEBHOOK-TIMESTAMP"] = time;
            ExpectRefused(() => WebhookSignature.Verify(Secret, _headers, Body, Now));
        }
        return Task.CompletedTask;
    }

    [Test]
    public Task ASecretWithoutAKeyIsRefused()
    {
        foreach (string secret in new[] { "", "whsec_", "whsec_!" })
        {
            ExpectRefused(() => WebhookSignature.Verify(secret, _headers, Body, Now));
        }
        return Task.CompletedTask;
    }

    private static void ExpectRefused(Action verify) => Expect.Throws<OctoStoreSignatureException>(verify);
}
