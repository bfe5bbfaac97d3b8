<?php

declare(strict_types=1);

namespace OctoStore\Internal\Leases;

use OctoStore\Exception\LockHeldException;
use OctoStore\Exception\LostException;
use OctoStore\Exception\NotFoundException;
use OctoStore\Exception\OctoStoreException;
use OctoStore\Internal\Backoff;
use OctoStore\Internal\Calls\Call;
use OctoStore\Internal\Calls\Caller;
use OctoStore\Internal\Calls\Limits;
use OctoStore\Internal\Calls\Outcome;
use OctoStore\Internal\Calls\Result;
use OctoStore\Internal\Checks;
use OctoStore\Internal\Clock;
use OctoStore\Internal\Fields;
use OctoStore\Internal\Granted;
use OctoStore\Internal\Http\Request;
use OctoStore\Internal\LockApi;
use OctoStore\Internal\Process;
use OctoStore\Internal\Servers;
use OctoStore\Internal\Wish;
use OctoStore\Rules;
use OctoStore\StopToken;
use OctoStore\Value\Lease;
use OctoStore\Value\LeaseStatus;
use OctoStore\Value\LockMode;
use OctoStore\Value\WholeLease;

/**
 * Acquires, renews and releases leases, of one lock or of several.
 *
 * @internal
 */
final readonly class LeaseApi
{
    /** The pauses before attempts to release a lease that the server does not know, or not yet. */
    private const RELEASE_DELAYS_MS = [
        0,
        Rules::RELEASE_AGAIN_DELAY_MS_FIRST,
        Rules::RELEASE_AGAIN_DELAY_MS_SECOND,
    ];

    public function __construct(private Caller $caller)
    {
    }

    public function servers(): Servers
    {
        return $this->caller->servers;
    }

    public function acquire(Wish $wish): Granted
    {
        $wish->stop?->throwIfStopped();
        $outcome = new Outcome();
        try {
            return $this->waitFor($wish, $outcome);
        } catch (\Throwable $error) {
            if ($outcome->isUnknown && !self::isMismatch($error)) {
                $this->releaseInBackground($wish->routes, $wish->leaseId, $wish->isGivenUpBriefly);
            }
            throw $error;
        }
    }

    /** @param ?float $timeoutMs timeout of one attempt; the client's by default */
    public function renew(Renewal $renewal, ?float $timeoutMs = null): Granted
    {
        $request = static fn (): Request => self::renewalRequest(
            $renewal,
            $timeoutMs === null ? null : Clock::nowMs() + $timeoutMs,
        );
        $result = $this->caller->call(self::renewal($renewal, $request));

        return new Granted($result->value, $result->sentAtMs);
    }

    /**
     * One attempt at a renewal, until a given time.
     *
     * @return Result<Lease|WholeLease>
     */
    public function renewOnce(Renewal $renewal, string $server, float $untilMs, ?StopToken $stop): Result
    {
        return $this->caller->attempt(self::renewal($renewal, self::renewalRequest($renewal, $untilMs), $stop), $server);
    }

    public function release(LeaseRoutes $routes, string $leaseId, Limits $limits = new Limits()): void
    {
        $this->caller->call(new Call(
            request: $routes->release($leaseId),
            read: static fn (string $text): string => Fields::parse($text)->text('status'),
            isSafe: true,
            goneIsDone: true,
            limits: $limits,
        ));
    }

    /**
     * Releases a lease that an abandoned acquire may have been granted after all, so that it does not stay held with no one using it. If
     * no process can be forked for this, releases it right away, within a second. Never fails: if it cannot be released, it expires on
     * its own.
     */
    public function releaseInBackground(LeaseRoutes $routes, string $leaseId, bool $isBrief = false): void
    {
        if (Process::detach(fn () => $this->releaseAbandoned($routes, $leaseId, $isBrief))) {
            return;
        }
        try {
            $this->release($routes, $leaseId, $isBrief ? Limits::brief() : new Limits(Limits::brief()->deadlineMs));
        } catch (LostException $error) {
            // A signal has called a listener of another loss, which throws it.
            throw $error;
        } catch (OctoStoreException) {
            // Its lease expires on its own.
        }
    }

    private function releaseAbandoned(LeaseRoutes $routes, string $leaseId, bool $isBrief): void
    {
        foreach (self::RELEASE_DELAYS_MS as $ms) {
            Clock::pause($ms);
            try {
                $this->release($routes, $leaseId, $isBrief ? Limits::brief() : new Limits());

                return;
            } catch (NotFoundException) {
                // It may have overtaken the acquire, whose connection is different.
            }
        }
    }

    /** Holds one lock of a lease in another mode. If the lease already does, nothing changes. */
    public function convert(string $name, string $leaseId, LockMode $mode): Lease
    {
        Checks::name($name);

        return $this->caller->call(new Call(
            request: new Request('POST', LockApi::path($name, 'convert'), ['lease_id' => $leaseId, 'mode' => $mode]),
            read: static fn (string $text): Lease => Lease::read(Fields::parse($text)),
            isSafe: true,
        ))->value;
    }

    public function get(string $leaseId): WholeLease
    {
        return $this->caller->call(new Call(
            request: new Request('GET', SeveralLocks::path($leaseId)),
            read: static fn (string $text): WholeLease => WholeLease::read(Fields::parse($text)),
            isSafe: true,
        ))->value;
    }

    /** Asks for the lease, repeatedly if necessary, because one request waits for at most one slice. */
    private function waitFor(Wish $wish, Outcome $outcome): Granted
    {
        $call = new Call(
            request: fn (): Request => $this->acquisition($wish),
            read: static fn (string $text): Lease|WholeLease => $wish->routes->read(Fields::parse($text)),
            isSafe: true,
            outcome: $outcome,
            stop: $wish->stop,
            patientUntilMs: $wish->waitSeconds > 0 ? $wish->untilMs : null,
        );
        $firstAskedAtMs = Clock::nowMs();
        for ($refusals = 1;; $refusals++) {
            $askedAtMs = Clock::nowMs();
            $waitMs = 1000 * self::waitSeconds($wish);
            try {
                $result = $this->caller->call($call);
                // `held` means that an earlier attempt got the lease and its response was lost.
                $isOlder = $result->value->status === LeaseStatus::Held;

                return new Granted($result->value, $isOlder ? $firstAskedAtMs : $result->sentAtMs);
            } catch (LockHeldException $error) {
                if (Clock::nowMs() >= $wish->untilMs) {
                    throw $error;
                }
                // Refused much too early. Pause, so as not to retry at full speed.
                if (Clock::nowMs() - $askedAtMs < $waitMs / 2) {
                    Clock::pause(Backoff::delayMs($refusals), $wish->stop);
                }
            }
        }
    }

    private function acquisition(Wish $wish): Request
    {
        $waitSeconds = self::waitSeconds($wish);
        $untilMs = Clock::nowMs() + $this->caller->sender->timeoutMs + 1000 * $waitSeconds;

        return $wish->routes->acquire($wish->body() + ['wait_seconds' => $waitSeconds], $untilMs);
    }

    /** How long the next request may wait, in whole seconds. */
    private static function waitSeconds(Wish $wish): int
    {
        $seconds = ceil(($wish->untilMs - Clock::nowMs()) / 1000);

        return (int) min($wish->waitSliceSeconds, max(0, $seconds));
    }

    private static function renewalRequest(Renewal $renewal, ?float $untilMs): Request
    {
        return $renewal->routes->renew($renewal->leaseId, $renewal->body(), $untilMs);
    }

    /**
     * @param Request|(\Closure(): Request) $request
     * @return Call<Lease|WholeLease>
     */
    private static function renewal(Renewal $renewal, Request|\Closure $request, ?StopToken $stop = null): Call
    {
        $read = static fn (string $text): Lease|WholeLease => $renewal->routes->read(Fields::parse($text));

        return new Call(request: $request, read: $read, isSafe: true, stop: $stop);
    }

    /** Whether the lease with this id is another one, which must not be released. */
    private static function isMismatch(\Throwable $error): bool
    {
        return $error instanceof OctoStoreException && $error->errorCode === 'lease_mismatch';
    }
}
