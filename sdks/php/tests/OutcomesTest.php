<?php

declare(strict_types=1);

namespace OctoStore\Tests;

use OctoStore\Exception\LockHeldException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Exception\ValidationException;
use OctoStore\Internal\Calls\Repeating;
use OctoStore\Internal\Fields;
use OctoStore\Internal\Http\Answer;
use OctoStore\Internal\Http\Outcomes;
use OctoStore\Value\LockState;
use OctoStore\Value\LockStatus;
use PHPUnit\Framework\TestCase;

/** What the client makes of responses. */
final class OutcomesTest extends TestCase
{
    /** @dataProvider refusals */
    public function testALockThatNoOneHoldsCanBeRefusedToo(string $code): void
    {
        $error = self::error(409, [
            'error' => 'Not now.',
            'code' => $code,
            'lock' => ['name' => 'a', 'holder' => null],
            'holder_id' => null,
            'expires_at' => '2026-01-02T03:04:05.678Z',
            'position' => 2,
            'waiters' => 3,
        ]);
        self::assertInstanceOf(LockHeldException::class, $error);
        self::assertSame(['a', null, null], [$error->lock, $error->holder, $error->holderId]);
        self::assertSame([2, 3, 'Not now.', $code], [$error->position, $error->waiters, $error->getMessage(), $error->errorCode]);
    }

    /** @return iterable<array{string}> */
    public static function refusals(): iterable
    {
        yield ['lock_queued'];
        yield ['lock_delayed'];
        yield ['limit_mismatch'];
    }

    public function testTheMessageOfAHeldLockHasItsEndInUtc(): void
    {
        $error = self::error(409, [
            'error' => 'Held.',
            'code' => 'lock_held',
            'lock' => ['name' => 'a/b', 'holder' => 'ci'],
            'holder_id' => 'u1',
            'expires_at' => '2026-01-02T04:04:05.678+01:00',
        ]);
        self::assertSame('The lock "a/b" is held by ci (until 2026-01-02T03:04:05Z).', $error->getMessage());
    }

    public function testALockCanBeDelayed(): void
    {
        $status = LockStatus::read(Fields::parse('{"status": "delayed", "name": "a", "message": "Later.", "fencing_token": 7,'
            . ' "waiters": 1, "available_at": "2026-01-02T03:04:05.000Z"}'));
        self::assertSame([LockState::Delayed, false], [$status->status, $status->isHeld()]);
        self::assertSame('2026-01-02T03:04:05+00:00', $status->availableAt?->format(DATE_ATOM));
    }

    public function testALeaseIdOfAnotherLeaseIsInvalid(): void
    {
        self::assertInstanceOf(ValidationException::class, self::error(409, ['code' => 'lease_mismatch']));
        self::assertInstanceOf(ValidationException::class, self::error(409, ['code' => 'ambiguous_lease_id']));
    }

    public function testABrokenLeaseIsGoneButEndsNoElection(): void
    {
        $error = self::error(410, ['code' => 'lease_broken']);
        self::assertInstanceOf(NotFoundException::class, $error);
        self::assertFalse(Repeating::isFinal($error));
        self::assertTrue(Repeating::isFinal(self::error(410, ['code' => 'session_expired'])));
    }

    public function testARequestWithoutEffectIsAlwaysRetried(): void
    {
        foreach (['no_leader' => true, 'shutting_down' => true, 'outcome_unknown' => false, 'overloaded' => false] as $code => $isRetried) {
            self::assertSame($isRetried, Repeating::mayRepeat(self::error(503, ['code' => $code]), isSafe: false), $code);
            self::assertTrue(Repeating::mayRepeat(self::error(503, ['code' => $code]), isSafe: true), $code);
        }
    }

    /** @param array<string, mixed> $body */
    private static function error(int $status, array $body): OctoStoreException
    {
        return Outcomes::exceptionOf(new Answer($status, [], json_encode($body), 0));
    }
}
